package dev.events.sample.search;

import dev.events.EventSubscriber;
import dev.events.sample.order.OrderPlaced;

import org.springframework.stereotype.Component;

/**
 * Keeps the index up to date. An event that comes twice writes the same entry twice,
 * which changes nothing.
 */
@Component
class SearchIndexing {

	private final SearchIndex index;

	SearchIndexing(SearchIndex index) {
		this.index = index;
	}

	// one subscriber for both types: the events of a user keep their order within a
	// subscription, not across two
	@EventSubscriber(id = "search-users", value = { "user.registered", "user.updated" })
	void indexUser(SearchableUser user) {
		this.index.put(user.hit());
	}

	@EventSubscriber(id = "search-orders")
	void indexOrder(OrderPlaced order) {
		this.index.put(new SearchHit("order", order.orderId(), String.join(", ", order.items())));
	}

}
