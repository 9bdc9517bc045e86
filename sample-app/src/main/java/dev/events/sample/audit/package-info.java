/**
 * Plugin: writes down that something happened, for every event there is.
 */
@NullMarked
package dev.events.sample.audit;

import org.jspecify.annotations.NullMarked;
