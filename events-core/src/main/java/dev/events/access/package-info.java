/**
 * Who may publish and receive which events.
 */
@NullMarked
package dev.events.access;

import org.jspecify.annotations.NullMarked;
