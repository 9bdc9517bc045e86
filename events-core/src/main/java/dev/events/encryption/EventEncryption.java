package dev.events.encryption;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

import dev.events.EncryptedEventException;
import dev.events.InvalidEventException;
import dev.events.SubjectErasedException;
import dev.events.store.EventRecord;
import dev.events.store.EventStore;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Encrypts data of events on their way into the store, and decrypts it when they are
 * read. The stored event says in its metadata, under {@link #METADATA}, what of it is
 * encrypted; only that is ever decrypted. Thread-safe.
 */
public final class EventEncryption {

	/**
	 * Name of the entry of the metadata that encrypted events have. What publishers give
	 * under this name is left out.
	 */
	public static final String METADATA = "events.encryption";

	private static final int MAX_SUBJECT = 500;

	private final EncryptionPlans plans;

	private final @Nullable MasterKeys masters;

	private final @Nullable SubjectKeyring subjects;

	private final boolean acceptPlain;

	private EventEncryption(EncryptionPlans plans, @Nullable MasterKeys masters, @Nullable SubjectKeyring subjects,
			boolean acceptPlain) {
		this.acceptPlain = acceptPlain;
		this.plans = plans;
		this.masters = masters;
		this.subjects = subjects;
	}

	/**
	 * Encryption for the events of a store.
	 * @param settings keys and rules
	 * @param store holds the keys of data subjects
	 * @param mapper how data is written
	 */
	public static EventEncryption of(EncryptionSettings settings, EventStore store, JsonMapper mapper) {
		EncryptionPlans plans = new EncryptionPlans(settings.rules(), mapper);
		if (settings.keys() == null) {
			return new EventEncryption(plans, null, null, settings.acceptPlain());
		}
		MasterKeys masters = new MasterKeys(settings.keys(), System::nanoTime);
		return new EventEncryption(plans, masters,
				new SubjectKeyring(store, masters, settings.subjectKeyCache(), System::nanoTime),
				settings.acceptPlain());
	}

	/** Whether data of a stored event is encrypted. */
	public static boolean isEncrypted(EventRecord stored) {
		return stored.metadata().containsKey(METADATA);
	}

	/**
	 * Whether anything of such an event is going to be encrypted.
	 * @param dataType class of its data, if it is known
	 * @throws InvalidEventException when the annotations of the class cannot be carried
	 * out
	 */
	public boolean encrypts(String type, @Nullable Class<?> dataType) {
		return !this.plans.of(type, dataType).isEmpty();
	}

	/** Metadata without what only encryption may say. */
	public static Map<String, String> unmarked(Map<String, String> metadata) {
		if (!metadata.containsKey(METADATA)) {
			return metadata;
		}
		Map<String, String> unmarked = new HashMap<>(metadata);
		unmarked.remove(METADATA);
		return Map.copyOf(unmarked);
	}

	/**
	 * Encrypts what is to be encrypted of an event that is about to be stored.
	 * @param record the event, nothing of it encrypted
	 * @param shape what was met when its data was written
	 * @return what to store
	 * @throws InvalidEventException when there is no key, or no data subject, or that was
	 * forgotten
	 */
	public EventRecord seal(EventRecord record, DataShape shape) {
		EncryptionPlan plan = this.plans.of(record.type(), shape);
		if (plan.isEmpty()) {
			return record;
		}
		String place = plan.subject(record.type());
		EncryptionMark mark = new EncryptionMark((place != null) ? subject(record.type(), record.data(), place) : null,
				plan.paths());
		String markText = mark.toText();
		Map<String, String> metadata = new HashMap<>(record.metadata());
		metadata.put(METADATA, markText);
		EventRecord marked = record.withMetadata(Map.copyOf(metadata));
		return marked.withData(seal(marked, mark, markText, record.data()));
	}

	/**
	 * Encrypts new data for an event that is stored already, as the stored data is.
	 * @param stored the stored event
	 * @param json the new data
	 * @param shape what was met when it was written
	 * @return the data to store; as given when the event is not encrypted
	 * @throws InvalidEventException when that is not possible, or the new data names
	 * another data subject, or has values to encrypt where the stored data has none
	 */
	public String reseal(EventRecord stored, String json, DataShape shape) {
		EncryptionPlan plan = this.plans.of(stored.type(), shape);
		if (!isEncrypted(stored)) {
			// the mark cannot be added to what is stored
			if (!plan.isEmpty()) {
				throw new InvalidEventException("The new data of event " + stored.id() + " of type '" + stored.type()
						+ "' is to be encrypted, but the event was stored in plain text; retry it as it is, or publish "
						+ "another event");
			}
			return json;
		}
		EncryptionMark mark = mark(stored);
		if (!mark.encrypts(plan)) {
			throw new InvalidEventException("The new data of event " + stored.id() + " of type '" + stored.type()
					+ "' is to be encrypted where the stored data is not; publish another event");
		}
		String place = plan.subject(stored.type());
		if (place != null && mark.subject() != null && !mark.subject().equals(subject(stored.type(), json, place))) {
			throw new InvalidEventException("The new data of event " + stored.id()
					+ " names another data subject; the subject of a stored event cannot change");
		}
		return seal(stored, mark, stored.metadata().get(METADATA), json);
	}

	private static String subject(String type, String json, String place) {
		JsonNode value = Json.read(json).at(place);
		if (!value.isValueNode() || value.isNull() || value.asString().isBlank()) {
			throw new InvalidEventException("An event of type '" + type + "' names no data subject: at " + place
					+ " there must be a string, a number or a boolean");
		}
		return SubjectKeyring.digest(requireSubject(value.asString()));
	}

	private static String requireSubject(String subject) {
		if (subject.isBlank() || subject.length() > MAX_SUBJECT) {
			throw new InvalidEventException("The id of a data subject has " + subject.length()
					+ " characters; it must have 1 to " + MAX_SUBJECT);
		}
		return subject;
	}

	private String seal(EventRecord marked, EncryptionMark mark, @Nullable String markText, String json) {
		DataKey key = currentKey(marked, mark);
		byte[] eventKey = key.of(marked.id());
		if (mark.fields().isEmpty()) {
			return Json.write(seal(marked, markText, key.id(), eventKey, "", json));
		}
		return Json.write(new FieldPaths(mark.fields()).replace(Json.read(json),
				(path, value) -> seal(marked, markText, key.id(), eventKey, path, Json.write(value))));
	}

	private static JsonNode seal(EventRecord marked, @Nullable String markText, String keyId, byte[] eventKey,
			String path, String json) {
		return SealedValue
			.encrypt(keyId, eventKey, AssociatedData.of(marked, markText, keyId, path),
					json.getBytes(StandardCharsets.UTF_8))
			.toJson();
	}

	private DataKey currentKey(EventRecord marked, EncryptionMark mark) {
		if (this.masters == null || this.subjects == null) {
			throw new InvalidEventException("Data of event type '" + marked.type() + "' is to be encrypted, but there "
					+ "is no key: set events.encryption.keys.<id> to the output of 'openssl rand -base64 32' and "
					+ "events.encryption.active-key to its id, or define an EventKeyProvider");
		}
		if (mark.subject() == null) {
			EventKey master = this.masters.current(new KeyPurpose(KeyPurpose.Use.DATA, marked.organization()));
			return new DataKey(master.id(), master.bytes());
		}
		try {
			return this.subjects.current(mark.subject());
		}
		catch (EncryptedEventException ex) {
			throw new EncryptedEventException(
					"An event of type '" + marked.type() + "' cannot be encrypted: " + ex.getMessage(), ex);
		}
	}

	/**
	 * Decrypts what is encrypted of a stored event.
	 * @param dataType class of the data as it is asked for, if it is known
	 * @return the event as it was before it was encrypted, except that the mark is still
	 * there
	 * @throws SubjectErasedException when its data subject was forgotten
	 * @throws EncryptedEventException when it cannot be decrypted
	 * @throws dev.events.EventKeyException when the key cannot be had now
	 * @throws dev.events.EventStoreException when the key of the data subject cannot be
	 * had now
	 */
	public EventRecord open(EventRecord stored, @Nullable Class<?> dataType) {
		if (!isEncrypted(stored)) {
			requirePlain(stored, dataType);
			return stored;
		}
		EncryptionMark mark = mark(stored);
		try {
			Opening opening = new Opening(stored, mark);
			JsonNode json = Json.read(stored.data());
			return stored
				.withData(mark.fields().isEmpty() ? opening.open("", json) : Json.write(new FieldPaths(mark.fields())
					.replace(json, (path, value) -> Json.read(opening.open(path, value)))));
		}
		catch (SubjectErasedException ex) {
			throw new SubjectErasedException("Event " + stored.id() + " of type '" + stored.type()
					+ "' cannot be read any more: its data subject was forgotten");
		}
		catch (EncryptedEventException ex) {
			throw failure(stored, String.valueOf(ex.getMessage()));
		}
		catch (JacksonException ex) {
			// its message may quote the data
			throw failure(stored, "its data is not JSON any more");
		}
	}

	/**
	 * Taking away the mark must not turn cipher text into data; and who can write into
	 * the store must not pass for a publisher, unless plain events are accepted.
	 */
	private void requirePlain(EventRecord stored, @Nullable Class<?> dataType) {
		if (this.plans.of(stored.type(), dataType).isEmpty()) {
			return;
		}
		if (!this.acceptPlain) {
			throw failure(stored, "it is stored in plain text, but it is to be encrypted: it was put in its place, or "
					+ "stored before that was so (see events.encryption.accept-plain)");
		}
		if (stored.data().contains(SealedValue.START)) {
			throw failure(stored, "its data looks encrypted, but its metadata does not say so: it was changed");
		}
	}

	private static EncryptionMark mark(EventRecord stored) {
		EncryptionMark mark = EncryptionMark.of(stored.metadata().getOrDefault(METADATA, ""));
		if (mark == null) {
			throw failure(stored,
					"its metadata '" + METADATA + "' is not valid: it was changed, or written by a newer " + "version");
		}
		return mark;
	}

	private static EncryptedEventException failure(EventRecord stored, String reason) {
		return new EncryptedEventException("Event " + stored.id() + " of type '" + stored.type() + "' version "
				+ stored.version() + " cannot be decrypted: " + reason);
	}

	/** Makes the data of a subject unreadable; see {@link dev.events.DataSubjects}. */
	public void forget(String subject) {
		requireSubjects().erase(SubjectKeyring.digest(requireSubject(subject)));
	}

	/**
	 * To be called when a transaction that may have forgotten a subject has ended.
	 * @throws InvalidEventException when there can be no such subject
	 */
	public void changed(String subject) {
		requireSubjects().changed(SubjectKeyring.digest(requireSubject(subject)));
	}

	/** Whether a subject was forgotten. */
	public boolean isForgotten(String subject) {
		return requireSubjects().isErased(SubjectKeyring.digest(requireSubject(subject)));
	}

	/** Lets events about a forgotten subject be published again. */
	public boolean readmit(String subject) {
		return requireSubjects().readmit(SubjectKeyring.digest(requireSubject(subject)));
	}

	private SubjectKeyring requireSubjects() {
		if (this.subjects == null) {
			throw new IllegalStateException("There are no keys, so there are no data subjects; set "
					+ "events.encryption.keys.<id> and events.encryption.active-key");
		}
		return this.subjects;
	}

	/**
	 * Decrypts the values of one event. For one thread.
	 */
	private final class Opening {

		private final EventRecord stored;

		private final EncryptionMark mark;

		private final Map<String, byte[]> eventKeys = new HashMap<>(2);

		Opening(EventRecord stored, EncryptionMark mark) {
			this.stored = stored;
			this.mark = mark;
		}

		/** The JSON text of a value. */
		String open(String path, JsonNode json) {
			SealedValue sealed = SealedValue.of(json);
			if (sealed == null) {
				throw new EncryptedEventException("what stands at '" + path + "' is not encrypted: it was changed");
			}
			byte[] key = this.eventKeys.computeIfAbsent(sealed.keyId(), (id) -> key(id).of(this.stored.id()));
			byte[] plain = sealed
				.decrypt(key,
						AssociatedData.of(this.stored, this.stored.metadata().get(METADATA), sealed.keyId(), path))
				.orElseThrow(() -> new EncryptedEventException("data or envelope were changed after it was stored, or "
						+ "key '" + sealed.keyId() + "' is not the one it was encrypted with"));
			return new String(plain, StandardCharsets.UTF_8);
		}

		private DataKey key(String id) {
			MasterKeys masters = EventEncryption.this.masters;
			SubjectKeyring subjects = EventEncryption.this.subjects;
			if (masters == null || subjects == null) {
				throw new EncryptedEventException("no keys are set up in events.encryption");
			}
			if (this.mark.subject() != null) {
				if (!SubjectKeyring.isSubjectKey(id)) {
					throw new EncryptedEventException("its key is not that of its data subject: it was changed");
				}
				return subjects.key(this.mark.subject(), id);
			}
			EventKey master = masters.find(id)
				.orElseThrow(() -> new EncryptedEventException("there is no key '" + id
						+ "'; add it to events.encryption.keys, or to what the EventKeyProvider finds"));
			return new DataKey(id, master.bytes());
		}

	}

}
