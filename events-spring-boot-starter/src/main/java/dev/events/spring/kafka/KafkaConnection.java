package dev.events.spring.kafka;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

import dev.events.Delivery;
import dev.events.Event;
import dev.events.EventException;
import dev.events.NonRetryableEventException;
import dev.events.connector.EventConnection;
import dev.events.observation.Observed;
import io.micrometer.observation.ObservationRegistry;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Sends the events of one subscription to its topic. Thread-safe.
 * <p>
 * Invariants: (1) an event is done when the broker has acknowledged it; (2) an event is
 * not sent before the one in front of it with the same key is done, for a record may fail
 * while a later one succeeds; (3) when a call has ended, and was not interrupted, nothing
 * of it is on its way any more.
 */
final class KafkaConnection implements EventConnection {

	private final KafkaProducers producers;

	private final @Nullable List<String> bootstrapServers;

	private final RecordWriter writer;

	private final ObservationRegistry registry;

	private final Clock clock = Clock.systemUTC();

	private final AtomicLong sent = new AtomicLong();

	private final AtomicLong echoes = new AtomicLong();

	private volatile @Nullable Instant lastSent;

	private volatile @Nullable Problem problem;

	KafkaConnection(KafkaProducers producers, @Nullable List<String> bootstrapServers, RecordWriter writer,
			ObservationRegistry registry) {
		this.registry = registry;
		this.producers = producers;
		this.bootstrapServers = bootstrapServers;
		this.writer = writer;
	}

	@Override
	public void deliver(Event<JsonNode> event, Delivery delivery) throws InterruptedException {
		deliverAll(List.of(event), delivery);
	}

	@Override
	public void deliverAll(List<Event<JsonNode>> events, Delivery delivery) throws InterruptedException {
		List<Outgoing> left = outgoing(events);
		while (!left.isEmpty()) {
			List<Outgoing> later = new ArrayList<>();
			List<Outgoing> now = new ArrayList<>(left.size());
			Set<String> keys = new HashSet<>();
			for (Outgoing event : left) {
				boolean first = event.key == null || keys.add(event.key);
				(first ? now : later).add(event);
			}
			sendObserved(now);
			left = later;
		}
	}

	private void sendObserved(List<Outgoing> events) throws InterruptedException {
		if (this.registry.isNoop()) {
			send(events);
			return;
		}
		Observed observed = new KafkaSend(this.writer.topic(), events.size()).start(this.registry);
		try {
			send(events);
		}
		catch (InterruptedException | RuntimeException ex) {
			observed.failed(ex);
			throw ex;
		}
		finally {
			observed.stop();
		}
	}

	private List<Outgoing> outgoing(List<Event<JsonNode>> events) {
		List<Outgoing> outgoing = new ArrayList<>(events.size());
		for (Event<JsonNode> event : events) {
			ProducerRecord<byte[], byte[]> kafkaRecord = this.writer.write(event);
			if (isEcho(event, kafkaRecord.topic())) {
				this.echoes.incrementAndGet();
			}
			else {
				outgoing.add(new Outgoing(event.key(), kafkaRecord));
			}
		}
		return outgoing;
	}

	/**
	 * Whether an event came from the topic to which it would go. Only the application's
	 * own cluster is read, so in another one a topic of this name is another topic.
	 */
	private boolean isEcho(Event<?> event, String topic) {
		return this.bootstrapServers == null && topic.equals(event.metadata().get(RecordHeaders.TOPIC_METADATA));
	}

	private void send(List<Outgoing> events) throws InterruptedException {
		RuntimeException failure = null;
		List<Sent> onTheirWay = new ArrayList<>(events.size());
		Producer<byte[], byte[]> producer = null;
		boolean ofNoUse = false;
		try {
			producer = this.producers.producer(this.bootstrapServers);
			for (Outgoing event : events) {
				Sent sent = new Sent(event.record.topic(), producer.send(event.record));
				onTheirWay.add(sent);
				if (sent.hasFailed()) {
					// while no broker answers, each of the others would take as long
					break;
				}
			}
		}
		catch (InterruptException ex) {
			throw interrupted();
		}
		catch (RuntimeException ex) {
			failure = failure(null, ex);
			ofNoUse = KafkaProducers.isOfNoUse(ex, true);
		}
		long deadline = System.nanoTime() + this.producers.timeout().plusSeconds(1).toNanos();
		for (Sent event : onTheirWay) {
			RuntimeException ex = outcome(event, deadline);
			// one that cannot succeed is known as such when it is tried on its own
			failure = (failure != null) ? failure : ex;
			ofNoUse |= ex != null && ex.getCause() != null && KafkaProducers.isOfNoUse(ex.getCause(), false);
		}
		if (producer != null && ofNoUse) {
			this.producers.replace(this.bootstrapServers, producer);
		}
		if (failure != null) {
			failed(String.valueOf(failure.getMessage()));
			throw failure;
		}
		this.sent.addAndGet(events.size());
		this.lastSent = this.clock.instant();
		this.problem = null;
	}

	private @Nullable RuntimeException outcome(Sent event, long deadline) throws InterruptedException {
		try {
			event.result.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
			return null;
		}
		catch (ExecutionException ex) {
			return failure(event.topic, (ex.getCause() != null) ? ex.getCause() : ex);
		}
		catch (TimeoutException ex) {
			return failure(event.topic, ex);
		}
		catch (InterruptedException ex) {
			failed("no answer before the attempt was interrupted");
			throw ex;
		}
	}

	/** The producer has set the flag again. */
	private InterruptedException interrupted() {
		Thread.interrupted();
		failed("no answer before the attempt was interrupted");
		return new InterruptedException("Interrupted while sending to Kafka");
	}

	private static RuntimeException failure(@Nullable String topic, Throwable cause) {
		String message = "Kafka did not take an event" + ((topic != null) ? " for topic '" + topic + "'" : "") + ": "
				+ cause.getClass().getSimpleName() + ((cause.getMessage() != null) ? ": " + cause.getMessage() : "");
		boolean hopeless = cause instanceof RecordTooLargeException || cause instanceof SerializationException
				|| cause instanceof InvalidTopicException;
		return hopeless ? new NonRetryableEventException(message, cause) : new KafkaSendException(message, cause);
	}

	private void failed(String message) {
		Problem before = this.problem;
		Instant now = this.clock.instant();
		this.problem = new Problem((before != null) ? before.since() : now, message);
	}

	@Override
	public Map<String, Object> details() {
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("topic", this.writer.topic().text());
		details.put("sent", this.sent.get());
		details.put("notSentBack", this.echoes.get());
		Instant last = this.lastSent;
		if (last != null) {
			details.put("lastSent", last.toString());
		}
		Problem current = this.problem;
		if (current != null) {
			details.put("failingSince", current.since().toString());
			details.put("lastProblem", current.message());
		}
		return details;
	}

	private record Outgoing(@Nullable String key, ProducerRecord<byte[], byte[]> record) {

	}

	private record Sent(String topic, Future<RecordMetadata> result) {

		boolean hasFailed() throws InterruptedException {
			try {
				if (this.result.isDone()) {
					this.result.get();
				}
				return false;
			}
			catch (ExecutionException ex) {
				return true;
			}
		}

	}

	private record Problem(Instant since, String message) {

	}

	/**
	 * Kafka did not take an event this time.
	 */
	private static final class KafkaSendException extends EventException {

		private static final long serialVersionUID = 1L;

		KafkaSendException(String message, @Nullable Throwable cause) {
			super(message, cause);
		}

	}

}
