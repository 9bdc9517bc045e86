/**
 * What Spring's ahead-of-time processing has to know: methods and classes that are found
 * by reflection.
 */
@NullMarked
package dev.events.spring.aot;

import org.jspecify.annotations.NullMarked;
