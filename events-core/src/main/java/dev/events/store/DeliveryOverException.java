package dev.events.store;

/**
 * A change was not made because the delivery that it comes from is no longer open: the
 * partition is somebody else's by now, or the store knows already that the event is done.
 * See {@link OpenDelivery}.
 */
public class DeliveryOverException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/** Creates an exception for a delivery. */
	public DeliveryOverException(OpenDelivery delivery) {
		super("The delivery of position " + delivery.position() + " in " + delivery.lease().partition()
				+ " is over: another node has the partition, or it is done");
	}

}
