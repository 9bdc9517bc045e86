/**
 * Turns methods that carry {@link dev.events.EventSubscriber} into
 * {@link dev.events.Subscriber}s. {@link dev.events.subscriber.AnnotatedSubscribers} does
 * it for a plain object; frameworks that manage objects themselves use
 * {@link dev.events.subscriber.SubscriberMethods}.
 */
@NullMarked
package dev.events.subscriber;

import org.jspecify.annotations.NullMarked;
