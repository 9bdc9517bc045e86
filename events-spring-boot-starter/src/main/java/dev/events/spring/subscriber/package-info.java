/**
 * Finds {@link dev.events.EventSubscriber} methods on the beans of an application
 * context: {@link dev.events.spring.subscriber.SubscriberRegistrar} registers them with
 * the bus, {@link dev.events.spring.subscriber.SpelFilterCompiler} reads their filters.
 */
@NullMarked
package dev.events.spring.subscriber;

import org.jspecify.annotations.NullMarked;
