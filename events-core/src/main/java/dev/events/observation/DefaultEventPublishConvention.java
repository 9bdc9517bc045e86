package dev.events.observation;

import java.util.List;
import java.util.Locale;

import dev.events.Event;
import dev.events.Publication;
import dev.events.Publication.Outcome;
import dev.events.observation.EventObservation.MessageKey;
import dev.events.observation.EventObservation.PublishKey;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;

/**
 * {@code events.publish}, by OpenTelemetry's conventions for messaging; see
 * {@link EventObservation#PUBLISH}. Thread-safe.
 */
public class DefaultEventPublishConvention implements EventPublishConvention {

	private static final KeyValues CONSTANT = KeyValues.of(PublishKey.SYSTEM.withValue("events"),
			PublishKey.OPERATION_NAME.withValue("publish"), PublishKey.OPERATION_TYPE.withValue("send"));

	private final BoundedNames types = new BoundedNames();

	@Override
	public String getName() {
		return "events.publish";
	}

	@Override
	public String getContextualName(EventPublishContext context) {
		return (context.type() != null) ? "publish " + this.types.bounded(context.type()) : "publish";
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(EventPublishContext context) {
		String type = (context.type() != null) ? this.types.bounded(context.type()) : KeyValue.NONE_VALUE;
		return CONSTANT.and(PublishKey.TYPE.withValue(type), PublishKey.OUTCOME.withValue(outcome(context)),
				PublishKey.ERROR.withValue(EventKeyValues.error(context)));
	}

	private static String outcome(EventPublishContext context) {
		List<Outcome> outcomes = context.publications().stream().map(Publication::outcome).distinct().toList();
		return switch (outcomes.size()) {
			case 0 -> KeyValue.NONE_VALUE;
			case 1 -> outcomes.get(0).name().toLowerCase(Locale.ROOT);
			default -> "several";
		};
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(EventPublishContext context) {
		KeyValues values = KeyValues.of(MessageKey.SOURCE.withValue(context.source()));
		if (context.count() != 1) {
			return values.and(MessageKey.COUNT.withValue(Integer.toString(context.count())));
		}
		if (context.publications().isEmpty()) {
			return values;
		}
		Event<?> event = context.publications().get(0).event();
		return EventKeyValues.of(event).and(values).and(MessageKey.SOURCE.withValue(event.source()));
	}

}
