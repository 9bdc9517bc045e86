/**
 * An application to be tested, and its tests.
 */
@NullMarked
package dev.events.spring.test.shop;

import org.jspecify.annotations.NullMarked;
