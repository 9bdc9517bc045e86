/**
 * {@link dev.events.upcast.Upcasters} finds the way from the version of a stored event to
 * the one that its reader wants, and takes the data along it.
 */
@NullMarked
package dev.events.upcast;

import org.jspecify.annotations.NullMarked;
