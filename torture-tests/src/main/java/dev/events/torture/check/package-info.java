/**
 * Judges a run by what publishers and handlers wrote down, not by the engine's tables:
 * {@link dev.events.torture.check.History} is what happened,
 * {@link dev.events.torture.check.Checker} says what of that must not have.
 */
@NullMarked
package dev.events.torture.check;

import org.jspecify.annotations.NullMarked;
