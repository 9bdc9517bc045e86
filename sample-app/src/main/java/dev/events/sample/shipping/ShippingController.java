package dev.events.sample.shipping;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.events.Event;
import dev.events.EventBus;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Offers for shipping, cheapest first: those of both carriers, or what there is after
 * half a second. No thread waits for them.
 */
@RestController
class ShippingController {

	private static final Duration PATIENCE = Duration.ofMillis(500);

	private final EventBus events;

	ShippingController(EventBus events) {
		this.events = events;
	}

	@GetMapping("/shipping")
	CompletableFuture<List<ShippingOffered>> offers(@RequestParam String item) {
		return this.events.request(new ShippingWanted(item))
			.as(ShippingOffered.class)
			.within(PATIENCE)
			.all(2)
			.thenApply((offers) -> offers.stream()
				.map(Event::data)
				.sorted(Comparator.comparing(ShippingOffered::price))
				.toList());
	}

}
