package dev.events.sample.shipping;

import java.math.BigDecimal;

import dev.events.EventSubscriber;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Two carriers: what they return is their answer, on whichever node they run.
 */
@Component
class Carriers {

	@EventSubscriber(id = "courier")
	ShippingOffered courier(ShippingWanted wanted) {
		return new ShippingOffered("courier", new BigDecimal("19.90"));
	}

	/** Takes parcels only; without an answer from here the rest must do. */
	@EventSubscriber(id = "post")
	@Nullable ShippingOffered post(ShippingWanted wanted) {
		return wanted.item().contains("elephant") ? null : new ShippingOffered("post", new BigDecimal("4.90"));
	}

}
