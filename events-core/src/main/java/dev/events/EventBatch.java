package dev.events;

import java.util.List;

/**
 * Data of an event that carries several items, as a {@link BatchEmitter} emits it; in
 * JSON {@code {"count":2,"items":[…,…]}}. A subscriber reads it with the items' type:
 *
 * <pre>{@code
 * &#64;EventSubscriber("analytics.views")
 * void store(EventBatch<PageView> batch) { … }
 * }</pre>
 *
 * @param <T> type of the items
 * @param count how many items
 * @param items the items, in the order in which they were added
 */
public record EventBatch<T>(int count, List<T> items) {

	public EventBatch {
		items = List.copyOf(items);
	}

	/** A batch of these items. */
	public static <T> EventBatch<T> of(List<T> items) {
		return new EventBatch<>(items.size(), items);
	}

}
