package dev.events.spring.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import dev.events.Event;
import dev.events.EventAccessDeniedException;
import dev.events.EventBus;
import dev.events.EventRejectedException;
import dev.events.EventStoreException;
import dev.events.InvalidEventException;
import dev.events.Publication;
import dev.events.SubjectErasedException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.kafka.listener.BatchListenerFailedException;
import org.springframework.kafka.listener.BatchMessageListener;

/**
 * Publishes records on the bus. Thread-safe.
 * <p>
 * Invariant: it returns, so that offsets are committed, only when all records are in the
 * log, were there already, or are about somebody who was forgotten; when it throws, this
 * is so for all records in front of the one it names. What is read again is known by its
 * id, so nothing is stored twice.
 */
final class InboundListener implements BatchMessageListener<byte[], byte[]> {

	private static final Logger logger = LoggerFactory.getLogger(InboundListener.class);

	private final EventBus bus;

	private final InboundTopic topic;

	private final RecordReader reader;

	private final AtomicLong stored = new AtomicLong();

	private final AtomicLong duplicates = new AtomicLong();

	private final AtomicLong refused = new AtomicLong();

	// offset of the last record of a partition that has failed, which is tried again and
	// again but told once
	private final Map<TopicPartition, Long> failing = new ConcurrentHashMap<>();

	InboundListener(EventBus bus, InboundTopic topic) {
		this.bus = bus;
		this.topic = topic;
		this.reader = new RecordReader(topic);
	}

	@Override
	public void onMessage(List<ConsumerRecord<byte[], byte[]>> records) {
		List<Event<?>> events = new ArrayList<>(records.size());
		for (ConsumerRecord<byte[], byte[]> kafkaRecord : records) {
			try {
				events.add(this.reader.read(kafkaRecord));
			}
			catch (UnreadableRecordException | InvalidEventException ex) {
				publish(records, events);
				throw failed(records, events.size(), ex);
			}
		}
		publish(records, events);
		if (!this.failing.isEmpty()) {
			records.forEach((done) -> this.failing.remove(partition(done)));
		}
	}

	/** In one transaction, or, when that fails for a reason of its own, one by one. */
	private void publish(List<ConsumerRecord<byte[], byte[]>> records, List<Event<?>> events) {
		if (events.isEmpty()) {
			return;
		}
		try {
			this.bus.publishAll(events).forEach(this::count);
		}
		catch (EventStoreException ex) {
			throw failed(records, 0, ex);
		}
		catch (RuntimeException ex) {
			for (int i = 0; i < events.size(); i++) {
				try {
					count(this.bus.publish(events.get(i)));
				}
				catch (SubjectErasedException erased) {
					// whom the event is about wants to be forgotten, here and in dead
					// letters
					this.refused.incrementAndGet();
				}
				catch (RuntimeException single) {
					throw failed(records, i, single);
				}
			}
		}
	}

	private void count(Publication publication) {
		(publication.outcome() == Publication.Outcome.DUPLICATE ? this.duplicates : this.stored).incrementAndGet();
	}

	private BatchListenerFailedException failed(List<ConsumerRecord<byte[], byte[]>> records, int index,
			RuntimeException error) {
		ConsumerRecord<byte[], byte[]> kafkaRecord = records.get(index);
		Long before = this.failing.put(partition(kafkaRecord), kafkaRecord.offset());
		if (before == null || before != kafkaRecord.offset()) {
			boolean permanent = isPermanent(error);
			if (permanent) {
				this.refused.incrementAndGet();
			}
			String place = kafkaRecord.topic() + "-" + kafkaRecord.partition() + "@" + kafkaRecord.offset();
			logger.error("Kafka record {} cannot be published: {}. {}", place, error.getMessage(),
					consequence(permanent), (permanent) ? null : error);
		}
		return new BatchListenerFailedException("A record cannot be published", error, index);
	}

	private String consequence(boolean permanent) {
		if (!permanent) {
			return "It will be tried again until it succeeds; said once";
		}
		return (this.topic.deadLetterTopic() != null) ? "It goes to topic '" + this.topic.deadLetterTopic() + "'"
				: "Its consumer stands still there, and tries again, until the record can be published or the group's "
						+ "offset is moved; a dead-letter-topic would take such records. Said once";
	}

	/** Whether a record cannot be published however often it is tried. */
	static boolean isPermanent(Throwable error) {
		for (Throwable cause = error; cause != null; cause = cause.getCause()) {
			if (cause instanceof UnreadableRecordException || cause instanceof InvalidEventException
					|| cause instanceof EventRejectedException || cause instanceof EventAccessDeniedException) {
				return true;
			}
		}
		return false;
	}

	private static TopicPartition partition(ConsumerRecord<?, ?> kafkaRecord) {
		return new TopicPartition(kafkaRecord.topic(), kafkaRecord.partition());
	}

	InboundStatus status() {
		return new InboundStatus(this.topic.topic(), this.stored.get(), this.duplicates.get(), this.refused.get(),
				this.failing.size());
	}

}
