/**
 * What applications use: {@link dev.events.Event} is what happened,
 * {@link dev.events.EventBus} is where it is published and subscribed to, and
 * {@link dev.events.EventSubscriber} marks the methods that handle it. Nothing here
 * depends on how events are stored or delivered.
 */
@NullMarked
package dev.events;

import org.jspecify.annotations.NullMarked;
