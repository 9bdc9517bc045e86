package dev.events.retention;

import org.jspecify.annotations.Nullable;

/**
 * What retention has done and what it must not do.
 *
 * @param deleted events deleted by this node since it started
 * @param heldBack events that the rules no longer keep, but a subscription has not had;
 * at least so many: only a batch for each rule is looked at
 * @param heldBackBy the subscription that is furthest behind, or {@code null} when
 * nothing is held back
 */
public record RetentionReport(long deleted, long heldBack, @Nullable String heldBackBy) {

}
