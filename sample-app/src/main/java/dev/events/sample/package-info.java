/**
 * A small application that shows the library in use. {@link dev.events.sample.user} and
 * {@link dev.events.sample.order} are the application; every other package but
 * {@link dev.events.sample.web} is a plugin that only listens to what they publish.
 */
@NullMarked
package dev.events.sample;

import org.jspecify.annotations.NullMarked;
