package dev.events.observation;

import dev.events.observation.EventObservation.HandleKey;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * {@code events.handle}; see {@link EventObservation#HANDLE}. Thread-safe.
 */
public class DefaultEventHandleConvention implements ObservationConvention<EventHandleContext> {

	private static final KeyValues CONSTANT = KeyValues.of(HandleKey.SYSTEM.withValue("events"),
			HandleKey.OPERATION_NAME.withValue("handle"));

	private final BoundedNames types = new BoundedNames();

	private final BoundedNames subscriptions = new BoundedNames();

	@Override
	public String getName() {
		return "events.handle";
	}

	@Override
	public String getContextualName(EventHandleContext context) {
		EventDeliveryContext delivery = context.delivery();
		return delivery.isNamed() ? "handle " + this.subscriptions.bounded(delivery.subscription()) : "handle";
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(EventHandleContext context) {
		EventDeliveryContext delivery = context.delivery();
		String type = delivery.type();
		return CONSTANT.and(HandleKey.TYPE.withValue((type != null) ? this.types.bounded(type) : KeyValue.NONE_VALUE),
				HandleKey.SUBSCRIPTION.withValue(
						delivery.isNamed() ? this.subscriptions.bounded(delivery.subscription()) : KeyValue.NONE_VALUE),
				HandleKey.ERROR.withValue(EventKeyValues.error(context)));
	}

	@Override
	public boolean supportsContext(Observation.Context context) {
		return context instanceof EventHandleContext;
	}

}
