package dev.events.observation;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/**
 * What can be observed of the bus. Names are those of OpenTelemetry's conventions for
 * messaging where these have one. Nothing of it shows data of events. Of types and of
 * subscriptions the first thousand are named, all others are {@code (other)}. Errors have
 * their messages, which are the handlers' own; but not where the event is encrypted, for
 * they may quote it.
 */
public enum EventObservation implements ObservationDocumentation {

	/**
	 * A call that publishes: interceptors, synchronous subscribers, storage. Ends when
	 * the call does; for asynchronous publishing when the outcome is known.
	 */
	PUBLISH {

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultEventPublishConvention.class;
		}

		@Override
		public KeyName[] getLowCardinalityKeyNames() {
			return PublishKey.values();
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return new KeyName[] { MessageKey.ID, MessageKey.CORRELATION, MessageKey.COUNT, MessageKey.SOURCE };
		}

	},

	/**
	 * Events go into the log of the store, as one unit; a part of {@link #PUBLISH}, or of
	 * the commit where the store does not take part in the transaction. What is published
	 * asynchronously is appended together with events of others, and that is not
	 * observed.
	 */
	APPEND {

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultEventAppendConvention.class;
		}

		@Override
		public KeyName[] getLowCardinalityKeyNames() {
			return AppendKey.values();
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return new KeyName[] { MessageKey.COUNT };
		}

	},

	/**
	 * One attempt of a subscriber at an event or at a batch, with its transaction where
	 * it has one, and what it publishes as its answer.
	 */
	DELIVER {

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultEventDeliveryConvention.class;
		}

		@Override
		public KeyName[] getLowCardinalityKeyNames() {
			return DeliveryKey.values();
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return new KeyName[] { MessageKey.ID, MessageKey.CORRELATION, MessageKey.COUNT, MessageKey.ATTEMPT };
		}

	},

	/**
	 * The handler is called: {@link #DELIVER} without the transaction and the answer. Not
	 * for synchronous subscribers, of which an attempt is nothing but this.
	 */
	HANDLE {

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultEventHandleConvention.class;
		}

		@Override
		public KeyName[] getLowCardinalityKeyNames() {
			return HandleKey.values();
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return new KeyName[0];
		}

	};

	/**
	 * Low cardinality keys of {@link #PUBLISH}.
	 */
	public enum PublishKey implements KeyName {

		/** Always {@code events}. */
		SYSTEM("messaging.system"),

		/** Always {@code publish}. */
		OPERATION_NAME("messaging.operation.name"),

		/** Always {@code send}. */
		OPERATION_TYPE("messaging.operation.type"),

		/** Event type; {@code none} where events of several types go together. */
		TYPE("messaging.destination.name"),

		/**
		 * The {@link dev.events.Publication.Outcome outcome} in lower case;
		 * {@code several} where events of one call had different ones, {@code none} when
		 * the call failed.
		 */
		OUTCOME("events.outcome"),

		/** Class of the error that it failed with, else {@code none}. */
		ERROR("error.type");

		private final String key;

		PublishKey(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

	}

	/**
	 * Low cardinality keys of {@link #APPEND}.
	 */
	public enum AppendKey implements KeyName {

		/** Always {@code events}. */
		SYSTEM("messaging.system"),

		/** Always {@code append}. */
		OPERATION_NAME("messaging.operation.name"),

		/** Event type; {@code none} where events of several types go together. */
		TYPE("messaging.destination.name"),

		/** Name of the store. */
		STORE("events.store"),

		/** Class of the error that it failed with, else {@code none}. */
		ERROR("error.type");

		private final String key;

		AppendKey(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

	}

	/**
	 * Low cardinality keys of {@link #HANDLE}.
	 */
	public enum HandleKey implements KeyName {

		/** Always {@code events}. */
		SYSTEM("messaging.system"),

		/** Always {@code handle}. */
		OPERATION_NAME("messaging.operation.name"),

		/** Event type; {@code none} for a batch with several types. */
		TYPE("messaging.destination.name"),

		/** Id of the subscription; {@code none} where it is a generated one. */
		SUBSCRIPTION("messaging.consumer.group.name"),

		/** Class of the error that it failed with, else {@code none}. */
		ERROR("error.type");

		private final String key;

		HandleKey(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

	}

	/**
	 * Low cardinality keys of {@link #DELIVER}.
	 */
	public enum DeliveryKey implements KeyName {

		/** Always {@code events}. */
		SYSTEM("messaging.system"),

		/** Always {@code deliver}. */
		OPERATION_NAME("messaging.operation.name"),

		/** Always {@code process}. */
		OPERATION_TYPE("messaging.operation.type"),

		/** Event type; {@code none} for a batch with several types. */
		TYPE("messaging.destination.name"),

		/** Id of the subscription; {@code none} where it is a generated one. */
		SUBSCRIPTION("messaging.consumer.group.name"),

		/** Whether it is part of a replay: {@code true} or {@code false}. */
		REPLAY("events.replay"),

		/** Class of the error that it failed with, else {@code none}. */
		ERROR("error.type");

		private final String key;

		DeliveryKey(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

	}

	/**
	 * High cardinality keys.
	 */
	public enum MessageKey implements KeyName {

		/** Id of the event; not for several. */
		ID("messaging.message.id"),

		/** Correlation id of the event; not for several. */
		CORRELATION("messaging.message.conversation_id"),

		/** How many events there are; not for one alone. */
		COUNT("messaging.batch.message_count"),

		/** Source in whose name they are published. */
		SOURCE("events.source"),

		/** Which attempt it is; 1 is the first. */
		ATTEMPT("events.attempt");

		private final String key;

		MessageKey(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

	}

}
