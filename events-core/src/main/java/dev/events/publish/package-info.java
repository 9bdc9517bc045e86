/**
 * The way of an event into the log: {@link dev.events.publish.PublishPipeline} runs
 * interceptors and synchronous subscribers and appends what is left,
 * {@link dev.events.publish.BufferedPublisher} collects what may wait a moment.
 */
@NullMarked
package dev.events.publish;

import org.jspecify.annotations.NullMarked;
