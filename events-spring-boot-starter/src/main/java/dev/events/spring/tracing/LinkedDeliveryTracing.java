package dev.events.spring.tracing;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;

import dev.events.Event;
import dev.events.observation.EventDeliveryContext;
import io.micrometer.observation.Observation;
import io.micrometer.tracing.Link;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.propagation.Propagator;

/**
 * Begins a trace for each batch and each replayed event, with a link to the trace in the
 * metadata of every event, as far as that is a W3C {@code traceparent}. Thread-safe.
 */
public final class LinkedDeliveryTracing extends PropagatingReceiverTracingObservationHandler<EventDeliveryContext> {

	// as many as OpenTelemetry keeps unless it is told otherwise
	private static final int MAX_LINKS = 128;

	private final Tracer tracer;

	/** Creates a handler. */
	public LinkedDeliveryTracing(Tracer tracer, Propagator propagator) {
		super(tracer, propagator);
		this.tracer = tracer;
	}

	@Override
	public boolean supportsContext(Observation.Context context) {
		return context instanceof EventDeliveryContext delivery && delivery.isLinked();
	}

	@Override
	public Span.Builder customizeExtractedSpan(EventDeliveryContext context, Span.Builder builder) {
		builder.setNoParent();
		Set<String> linked = new HashSet<>();
		for (Event<?> event : context.events()) {
			String traceparent = event.metadata().get(TraceHeaders.TRACEPARENT);
			// events published together have the same
			if (traceparent != null && linked.size() < MAX_LINKS && linked.add(traceparent)) {
				link(builder, traceparent);
			}
		}
		return builder;
	}

	private void link(Span.Builder builder, String traceparent) {
		Matcher matcher = TraceHeaders.FORMAT.matcher(traceparent);
		if (matcher.matches()) {
			boolean sampled = (Character.digit(matcher.group("flag").charAt(0), 16) & 1) == 1;
			TraceContext context = this.tracer.traceContextBuilder()
				.traceId(matcher.group("trace"))
				.spanId(matcher.group("span"))
				.sampled(sampled)
				.build();
			builder.addLink(new Link(context));
		}
	}

}
