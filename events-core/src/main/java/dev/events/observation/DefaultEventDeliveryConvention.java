package dev.events.observation;

import dev.events.observation.EventObservation.DeliveryKey;
import dev.events.observation.EventObservation.MessageKey;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;

/**
 * {@code events.deliver}, by OpenTelemetry's conventions for messaging; see
 * {@link EventObservation#DELIVER}. Thread-safe.
 */
public class DefaultEventDeliveryConvention implements EventDeliveryConvention {

	private static final KeyValues CONSTANT = KeyValues.of(DeliveryKey.SYSTEM.withValue("events"),
			DeliveryKey.OPERATION_NAME.withValue("deliver"), DeliveryKey.OPERATION_TYPE.withValue("process"));

	private final BoundedNames types = new BoundedNames();

	private final BoundedNames subscriptions = new BoundedNames();

	@Override
	public String getName() {
		return "events.deliver";
	}

	@Override
	public String getContextualName(EventDeliveryContext context) {
		String type = context.type();
		return (type != null) ? "deliver " + this.types.bounded(type) : "deliver";
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(EventDeliveryContext context) {
		String type = context.type();
		return CONSTANT.and(DeliveryKey.TYPE.withValue((type != null) ? this.types.bounded(type) : KeyValue.NONE_VALUE),
				DeliveryKey.SUBSCRIPTION.withValue(
						context.isNamed() ? this.subscriptions.bounded(context.subscription()) : KeyValue.NONE_VALUE),
				DeliveryKey.REPLAY.withValue(Boolean.toString(context.isReplay())),
				DeliveryKey.ERROR.withValue(EventKeyValues.error(context)));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(EventDeliveryContext context) {
		KeyValues values = (context.events().size() == 1) ? EventKeyValues.of(context.events().get(0))
				: KeyValues.of(MessageKey.COUNT.withValue(Integer.toString(context.events().size())));
		return values.and(MessageKey.ATTEMPT.withValue(Integer.toString(context.attempt())));
	}

}
