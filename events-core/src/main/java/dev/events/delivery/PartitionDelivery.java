package dev.events.delivery;

import java.util.List;

import dev.events.Delivery;
import dev.events.store.OpenDelivery;

/**
 * What the library's own handlers know besides of a delivery, to change a process only as
 * long as it is open.
 */
public interface PartitionDelivery extends Delivery {

	/** The delivery as the store knows it. */
	OpenDelivery open();

	/** Positions of the events, in the same order. */
	List<Long> positions();

}
