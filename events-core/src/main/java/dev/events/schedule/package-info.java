/**
 * Scheduled events: {@link dev.events.schedule.ScheduleRelease} moves those that are due
 * from the store's schedule into its log, {@link dev.events.schedule.StoredSchedule} is
 * what applications see of those that wait.
 */
@NullMarked
package dev.events.schedule;

import org.jspecify.annotations.NullMarked;
