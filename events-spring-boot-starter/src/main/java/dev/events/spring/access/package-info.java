/**
 * Who publishes, as the application's security knows it.
 */
@NullMarked
package dev.events.spring.access;

import org.jspecify.annotations.NullMarked;
