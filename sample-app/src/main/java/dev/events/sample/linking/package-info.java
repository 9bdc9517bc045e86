/**
 * Plugin: links the accounts that one person has under several addresses. Listens to
 * {@code user.*}, publishes under a source of its own, and passes over its own events.
 */
@NullMarked
package dev.events.sample.linking;

import org.jspecify.annotations.NullMarked;
