package dev.events.spring.connector.webhook;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Set;

import dev.events.observation.Observed;
import dev.events.spring.tracing.TraceHeaders;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import org.jspecify.annotations.Nullable;

/**
 * One observed call of a receiver, {@code events.webhook}; it carries the trace in its
 * headers. Of that only the ids of the trace: baggage was not written for strangers. A
 * header that the subscription has configured stays.
 */
final class WebhookCall extends SenderContext<Map<String, String>> {

	private static final Set<String> SENT = Set.of(TraceHeaders.TRACEPARENT, TraceHeaders.TRACESTATE);

	private static final Convention CONVENTION = new Convention();

	private final URI url;

	private @Nullable WebhookAnswer answer;

	WebhookCall(URI url, Map<String, String> headers) {
		super((carrier, name, value) -> {
			if (carrier != null && SENT.contains(name)
					&& carrier.keySet().stream().noneMatch((header) -> header.equalsIgnoreCase(name))) {
				carrier.put(name, value);
			}
		}, Kind.CLIENT);
		this.url = url;
		setCarrier(headers);
	}

	WebhookAnswer observe(ObservationRegistry registry, Call call) throws IOException, InterruptedException {
		Observed observed = Observed.start(registry,
				() -> Observation.createNotStarted(CONVENTION, () -> this, registry), true);
		try {
			WebhookAnswer result = call.send();
			this.answer = result;
			return result;
		}
		catch (IOException | InterruptedException | RuntimeException ex) {
			observed.failed(ex);
			throw ex;
		}
		finally {
			observed.stop();
		}
	}

	/**
	 * Sends the request.
	 */
	@FunctionalInterface
	interface Call {

		WebhookAnswer send() throws IOException, InterruptedException;

	}

	/**
	 * As OpenTelemetry says for HTTP clients. Path and query of the address may be
	 * secret.
	 */
	private static final class Convention implements ObservationConvention<WebhookCall> {

		@Override
		public String getName() {
			return "events.webhook";
		}

		@Override
		public String getContextualName(WebhookCall context) {
			return "POST";
		}

		@Override
		public KeyValues getLowCardinalityKeyValues(WebhookCall context) {
			String status = (context.answer != null) ? Integer.toString(context.answer.status()) : KeyValue.NONE_VALUE;
			return KeyValues.of("http.request.method", "POST", "http.response.status_code", status);
		}

		@Override
		public KeyValues getHighCardinalityKeyValues(WebhookCall context) {
			return KeyValues.of("server.address", context.url.getHost());
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return context instanceof WebhookCall;
		}

	}

}
