/**
 * A small application that shows the library in use.
 */
@NullMarked
package dev.events.sample;

import org.jspecify.annotations.NullMarked;
