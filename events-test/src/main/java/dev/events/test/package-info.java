/**
 * Test support for applications that publish or handle events, and for authors of stores.
 */
@NullMarked
package dev.events.test;

import org.jspecify.annotations.NullMarked;
