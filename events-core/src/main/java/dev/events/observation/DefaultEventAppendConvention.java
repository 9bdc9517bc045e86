package dev.events.observation;

import dev.events.observation.EventObservation.AppendKey;
import dev.events.observation.EventObservation.MessageKey;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * {@code events.append}; see {@link EventObservation#APPEND}. Thread-safe.
 */
public class DefaultEventAppendConvention implements ObservationConvention<EventAppendContext> {

	private static final KeyValues CONSTANT = KeyValues.of(AppendKey.SYSTEM.withValue("events"),
			AppendKey.OPERATION_NAME.withValue("append"));

	private final BoundedNames types = new BoundedNames();

	@Override
	public String getName() {
		return "events.append";
	}

	@Override
	public String getContextualName(EventAppendContext context) {
		String type = context.type();
		return (type != null) ? "append " + this.types.bounded(type) : "append";
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(EventAppendContext context) {
		String type = context.type();
		return CONSTANT.and(AppendKey.TYPE.withValue((type != null) ? this.types.bounded(type) : KeyValue.NONE_VALUE),
				AppendKey.STORE.withValue(context.store()), AppendKey.ERROR.withValue(EventKeyValues.error(context)));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(EventAppendContext context) {
		return (context.count() != 1) ? KeyValues.of(MessageKey.COUNT.withValue(Integer.toString(context.count())))
				: KeyValues.empty();
	}

	@Override
	public boolean supportsContext(Observation.Context context) {
		return context instanceof EventAppendContext;
	}

}
