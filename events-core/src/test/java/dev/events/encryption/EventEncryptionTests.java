package dev.events.encryption;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.events.DataSubject;
import dev.events.Encrypted;
import dev.events.EncryptedEventException;
import dev.events.EventKeyException;
import dev.events.EventPattern;
import dev.events.InvalidEventException;
import dev.events.SubjectErasedException;
import dev.events.memory.MemoryEventStore;
import dev.events.store.EventRecord;
import dev.events.store.SubjectKeyRecord;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JacksonSerializable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.TypeSerializer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What is encrypted and decrypted, and what is found out when something was changed.
 */
class EventEncryptionTests {

	private static final JsonMapper MAPPER = JsonMapper.shared();

	private static final EventKey OLD = new EventKey("2025", key(1));

	private static final EventKey NEW = new EventKey("2026", key(2));

	private final MemoryEventStore store = new MemoryEventStore();

	private static byte[] key(int seed) {
		byte[] key = new byte[32];
		Arrays.fill(key, (byte) seed);
		return key;
	}

	private EventEncryption encryption(EncryptionRule... rules) {
		return encryption(EventKeyProvider.of(List.of(OLD, NEW), "2026"), rules);
	}

	private EventEncryption encryption(@Nullable EventKeyProvider keys, EncryptionRule... rules) {
		return EventEncryption.of(new EncryptionSettings(keys, List.of(rules), Duration.ofSeconds(5)), this.store,
				MAPPER);
	}

	private static EncryptionRule rule(@Nullable String subject, String... fields) {
		return new EncryptionRule(EventPattern.of("user.*"), List.of(fields), subject);
	}

	private static EventRecord event(String data) {
		return new EventRecord(UUID.randomUUID(), "user.registered", "1.0.0", "shop", "k-1", "acme", "u-1", "c-1", null,
				Instant.parse("2026-11-25T10:00:00.123456Z"), data, Map.of("request", "r-1"));
	}

	private static EventRecord copy(EventRecord event, String data) {
		return event.withData(data);
	}

	private static JsonNode json(String text) {
		return Json.read(text);
	}

	@Test
	void allOfTheDataBecomesCipherText() {
		EventRecord event = event("{\"email\":\"ada@example.org\"}");
		EventRecord sealed = encryption(rule(null)).seal(event, DataShape.of(Map.class));
		assertThat(sealed.data()).startsWith("{\"$encrypted\":{\"alg\":\"A256GCM\",\"kid\":\"2026\",\"nonce\":\"")
			.doesNotContain("ada", "email");
		assertThat(sealed.metadata()).containsEntry("request", "r-1").containsKey(EventEncryption.METADATA);
		assertThat(encryption().open(sealed, null).data()).isEqualTo(event.data());
		assertThat(sealed.withData("").withMetadata(Map.of())).isEqualTo(event.withData("").withMetadata(Map.of()));
	}

	@Test
	void chosenFieldsBecomeCipherText() {
		String data = "{\"id\":7,\"email\":\"ada@example.org\",\"home\":{\"street\":\"Elm 1\",\"zip\":1.10},"
				+ "\"items\":[{\"name\":\"lamp\",\"n\":1},{\"name\":null,\"n\":2}],\"a/b~c\":true}";
		EventRecord sealed = encryption(
				rule(null, "/email", "/home/street", "/home/zip", "/items/*/name", "/none", "/a~1b~0c"))
			.seal(event(data), DataShape.of(Map.class));
		assertThat(sealed.data()).doesNotContain("ada@", "Elm 1", "1.1", "\"lamp\"", "null,", ":true")
			.contains("\"n\":2");
		assertThat(json(sealed.data()).at("/items/1/name/$encrypted/kid").asString()).isEqualTo("2026");
		assertThat(encryption().open(sealed, null).data()).isEqualTo(data);
	}

	@Test
	void whatNoRuleSpeaksOfStaysAsItIs() {
		EventRecord order = new EventRecord(UUID.randomUUID(), "order.placed", "1.0.0", "shop", null, null, null, "c-1",
				null, Instant.EPOCH, "{\"email\":\"ada\"}", Map.of());
		assertThat(encryption(rule(null)).seal(order, DataShape.of(Map.class))).isSameAs(order);
		assertThat(encryption(rule(null)).open(order, null)).isSameAs(order);
	}

	@Test
	void applicationDataThatLooksEncryptedIsNeverDecrypted() {
		String similar = encryption(rule(null)).seal(event("1"), DataShape.of(Map.class)).data();
		// not encrypted at all
		EventRecord order = new EventRecord(UUID.randomUUID(), "order.placed", "1.0.0", "shop", null, null, null, "c-1",
				null, Instant.EPOCH, similar, Map.of());
		EventEncryption encryption = encryption(rule(null, "/email"));
		assertThat(encryption.open(encryption.seal(order, DataShape.of(Map.class)), null).data()).isEqualTo(similar);
		// in a field that is encrypted, and in one that is not
		String data = "{\"email\":" + similar + ",\"other\":" + similar + "}";
		EventRecord sealed = encryption.seal(event(data), DataShape.of(Map.class));
		assertThat(encryption.open(sealed, null).data()).isEqualTo(data);
	}

	@Test
	void nothingOfTheEnvelopeCanBeChanged() {
		EventEncryption encryption = encryption(rule(null, "/email", "/phone"));
		EventRecord s = encryption.seal(event("{\"email\":\"a\",\"phone\":\"b\"}"), DataShape.of(Map.class));
		List<EventRecord> changed = List.of(
				new EventRecord(UUID.randomUUID(), s.type(), s.version(), s.source(), s.key(), s.organization(),
						s.user(), s.correlationId(), s.causationId(), s.timestamp(), s.data(), s.metadata()),
				new EventRecord(s.id(), "user.deleted", s.version(), s.source(), s.key(), s.organization(), s.user(),
						s.correlationId(), s.causationId(), s.timestamp(), s.data(), s.metadata()),
				new EventRecord(s.id(), s.type(), "1.0.1", s.source(), s.key(), s.organization(), s.user(),
						s.correlationId(), s.causationId(), s.timestamp(), s.data(), s.metadata()),
				new EventRecord(s.id(), s.type(), s.version(), "evil", s.key(), s.organization(), s.user(),
						s.correlationId(), s.causationId(), s.timestamp(), s.data(), s.metadata()),
				new EventRecord(s.id(), s.type(), s.version(), s.source(), null, s.organization(), s.user(),
						s.correlationId(), s.causationId(), s.timestamp(), s.data(), s.metadata()),
				new EventRecord(s.id(), s.type(), s.version(), s.source(), s.key(), "other", s.user(),
						s.correlationId(), s.causationId(), s.timestamp(), s.data(), s.metadata()),
				new EventRecord(s.id(), s.type(), s.version(), s.source(), s.key(), s.organization(), "u-2",
						s.correlationId(), s.causationId(), s.timestamp(), s.data(), s.metadata()),
				new EventRecord(s.id(), s.type(), s.version(), s.source(), s.key(), s.organization(), s.user(), "c-2",
						s.causationId(), s.timestamp(), s.data(), s.metadata()),
				new EventRecord(s.id(), s.type(), s.version(), s.source(), s.key(), s.organization(), s.user(),
						s.correlationId(), "x", s.timestamp(), s.data(), s.metadata()),
				new EventRecord(s.id(), s.type(), s.version(), s.source(), s.key(), s.organization(), s.user(),
						s.correlationId(), s.causationId(), s.timestamp().plusMillis(1), s.data(), s.metadata()));
		for (EventRecord event : changed) {
			assertChanged(encryption, event);
		}
	}

	private static void assertChanged(EventEncryption encryption, EventRecord event) {
		assertThatExceptionOfType(EncryptedEventException.class).isThrownBy(() -> encryption.open(event, null))
			.withMessageContaining(event.id().toString())
			.withMessageContaining("changed")
			.withNoCause();
	}

	@Test
	void partsOfTheEnvelopeCannotBeShiftedIntoEachOther() {
		assertThat(AssociatedData.of("ab", 1, "c")).isNotEqualTo(AssociatedData.of("a", 1, "bc"));
		EventRecord one = event("1");
		EventRecord noKey = new EventRecord(one.id(), one.type(), one.version(), one.source(), null, "k-1", one.user(),
				one.correlationId(), one.causationId(), one.timestamp(), one.data(), one.metadata());
		EventRecord noOrganization = new EventRecord(one.id(), one.type(), one.version(), one.source(), "k-1", null,
				one.user(), one.correlationId(), one.causationId(), one.timestamp(), one.data(), one.metadata());
		assertThat(AssociatedData.of(noKey, "m", "k", ""))
			.isNotEqualTo(AssociatedData.of(noOrganization, "m", "k", ""));
	}

	@Test
	void cipherTextCannotBeMovedToAnotherFieldOrEvent() {
		EventEncryption encryption = encryption(rule(null, "/email", "/phone"));
		EventRecord sealed = encryption.seal(event("{\"email\":\"a\",\"phone\":\"b\"}"), DataShape.of(Map.class));
		JsonNode data = json(sealed.data());
		assertChanged(encryption,
				copy(sealed, "{\"email\":" + data.path("phone") + ",\"phone\":" + data.path("email") + "}"));
		EventRecord other = encryption.seal(event("{\"email\":\"c\",\"phone\":\"d\"}"), DataShape.of(Map.class));
		assertChanged(encryption, copy(sealed, other.data()));
	}

	@Test
	void noPartOfTheCipherTextOrOfTheMarkCanBeChanged() {
		EventEncryption encryption = encryption(rule(null, "/email"));
		EventRecord sealed = encryption.seal(event("{\"email\":\"ada\"}"), DataShape.of(Map.class));
		EventRecord other = encryption.seal(event("{\"email\":\"eve\"}"), DataShape.of(Map.class));
		JsonNode mine = json(sealed.data()).at("/email/$encrypted");
		JsonNode his = json(other.data()).at("/email/$encrypted");
		assertChanged(encryption,
				copy(sealed, sealed.data().replace(mine.path("data").asString(), his.path("data").asString())));
		assertChanged(encryption,
				copy(sealed, sealed.data().replace(mine.path("nonce").asString(), his.path("nonce").asString())));
		assertChanged(encryption, copy(sealed, sealed.data().replace("\"2026\"", "\"2025\"")));
		assertChanged(encryption, copy(sealed, sealed.data().replace("A256GCM", "none")));
		assertChanged(encryption, copy(sealed, "{\"email\":\"eve\"}"));
		assertThatExceptionOfType(EncryptedEventException.class)
			.isThrownBy(() -> encryption.open(copy(sealed, "{\"email\":"), null));
		for (String mark : List.of("", "{}", "[", "{\"format\":2}", "{\"format\":1}", "{\"format\":1,\"fields\":[]}",
				"{\"fields\":[\"/email\"],\"format\":1}", "{\"format\":1,\"fields\":[\"/email\",\"/x\"]}",
				"{\"format\":1,\"subject\":\"" + "0".repeat(64) + "\",\"fields\":[\"/email\"]}")) {
			Map<String, String> metadata = new HashMap<>(sealed.metadata());
			metadata.put(EventEncryption.METADATA, mark);
			assertThatExceptionOfType(EncryptedEventException.class).as(mark)
				.isThrownBy(() -> encryption.open(sealed.withMetadata(metadata), null));
		}
		assertChanged(encryption, sealed.withMetadata(Map.of()));
	}

	@Test
	void plainEventsInPlaceOfEncryptedOnesAreRefusedIfThatIsWanted() {
		EventRecord forged = event("{\"userId\":\"u\",\"email\":\"eve\"}");
		assertThat(encryption(rule(null)).open(forged, null)).isSameAs(forged);
		EventKeyProvider keys = EventKeyProvider.of(List.of(NEW), "2026");
		EventEncryption strict = EventEncryption
			.of(new EncryptionSettings(keys, List.of(rule(null, "/email")), Duration.ZERO, false), this.store, MAPPER);
		assertThatExceptionOfType(EncryptedEventException.class).isThrownBy(() -> strict.open(forged, null))
			.withMessageContaining("stored in plain text")
			.withMessageContaining("accept-plain");
		EventRecord sealed = strict.seal(event("{}"), DataShape.of(Map.class));
		assertThat(strict.open(sealed, null).data()).isEqualTo("{}");
		EventEncryption annotated = EventEncryption.of(new EncryptionSettings(keys, List.of(), Duration.ZERO, false),
				this.store, MAPPER);
		assertThat(annotated.open(forged, null)).isSameAs(forged);
		assertThatExceptionOfType(EncryptedEventException.class)
			.isThrownBy(() -> annotated.open(forged, Registered.class));
	}

	@Test
	void whatPublishersPutInThePlaceOfTheMarkIsLeftOut() {
		assertThat(EventEncryption.unmarked(Map.of("a", "b", EventEncryption.METADATA, "{}")))
			.containsOnly(Map.entry("a", "b"));
	}

	@Test
	void keysAreRotatedWithoutRewriting() {
		EventRecord before = encryption(EventKeyProvider.of(List.of(OLD), "2025"), rule(null)).seal(event("1"),
				DataShape.of(Map.class));
		EventEncryption encryption = encryption(EventKeyProvider.of(List.of(OLD, NEW), "2026"), rule(null));
		EventRecord after = encryption.seal(event("2"), DataShape.of(Map.class));
		assertThat(before.data()).contains("\"kid\":\"2025\"");
		assertThat(after.data()).contains("\"kid\":\"2026\"");
		assertThat(encryption.open(before, null).data()).isEqualTo("1");
		assertThat(encryption.open(after, null).data()).isEqualTo("2");
		assertThatExceptionOfType(EncryptedEventException.class)
			.isThrownBy(() -> encryption(EventKeyProvider.of(List.of(NEW), "2026")).open(before, null))
			.withMessageContaining("there is no key '2025'; add it to events.encryption.keys");
		EventEncryption wrong = encryption(EventKeyProvider.of(List.of(new EventKey("2025", key(3))), "2025"));
		assertThatExceptionOfType(EncryptedEventException.class).isThrownBy(() -> wrong.open(before, null))
			.withMessageContaining("key '2025' is not the one");
	}

	@Test
	void withoutKeysNothingIsStoredInPlainText() {
		EventEncryption none = encryption((EventKeyProvider) null);
		assertThatExceptionOfType(InvalidEventException.class)
			.isThrownBy(() -> none.seal(event("{\"userId\":\"a\",\"email\":\"b\"}"), DataShape.of(Registered.class)))
			.withMessageContaining("openssl rand -base64 32");
		EventRecord sealed = encryption(rule(null)).seal(event("1"), DataShape.of(Map.class));
		assertThatExceptionOfType(EncryptedEventException.class).isThrownBy(() -> none.open(sealed, null))
			.withMessageContaining("no keys are set up");
	}

	@Test
	void aProviderThatFailsIsNamedAndItsMessageIsNot() {
		EventEncryption encryption = encryption(new EventKeyProvider() {

			@Override
			public EventKey current(KeyPurpose purpose) {
				throw new IllegalStateException("secret");
			}

			@Override
			public Optional<EventKey> find(String id) {
				throw new IllegalStateException("secret");
			}

		}, rule(null));
		assertThatExceptionOfType(EventKeyException.class)
			.isThrownBy(() -> encryption.seal(event("1"), DataShape.of(Map.class)))
			.withMessageContaining("IllegalStateException")
			.withMessageNotContaining("secret");
	}

	@Test
	void providersAreAskedForAKeyOfTheOrganizationAndNotEveryTime() {
		List<KeyPurpose> asked = new ArrayList<>();
		EventEncryption encryption = encryption(new EventKeyProvider() {

			@Override
			public EventKey current(KeyPurpose purpose) {
				asked.add(purpose);
				return NEW;
			}

			@Override
			public Optional<EventKey> find(String id) {
				return Optional.of(NEW);
			}

		}, rule(null));
		encryption.seal(event("1"), DataShape.of(Map.class));
		encryption.seal(event("2"), DataShape.of(Map.class));
		assertThat(asked).containsExactly(new KeyPurpose(KeyPurpose.Use.DATA, "acme"));
	}

	@Test
	void annotationsSayWhatIsEncrypted() {
		EventEncryption encryption = encryption();
		Registered data = new Registered("u-1", "ada@example.org", new Address("Elm 1", "1010"),
				List.of(new Address("Oak 2", "2020")), Map.of("main", new Card("4711")));
		EventRecord sealed = encryption.seal(event(MAPPER.writeValueAsString(data)), DataShape.of(Registered.class));
		assertThat(sealed.data()).doesNotContain("ada@", "Elm 1", "Oak 2", "\"4711\"")
			.contains("1010", "2020", "\"u-1\"");
		assertThat(MAPPER.readValue(encryption.open(sealed, null).data(), Registered.class)).isEqualTo(data);
		EventRecord whole = encryption.seal(event(MAPPER.writeValueAsString(new Card("4711"))),
				DataShape.of(Card.class));
		assertThat(whole.data()).startsWith(SealedValue.START);
		EventRecord subjectOnly = encryption.seal(event(MAPPER.writeValueAsString(new Note(3, "hi"))),
				DataShape.of(Note.class));
		assertThat(subjectOnly.data()).startsWith(SealedValue.START).contains("\"kid\":\"subject:1\"");
	}

	@Test
	void annotationsThatCannotBeCarriedOutAreRefused() {
		assertThatExceptionOfType(InvalidEventException.class)
			.isThrownBy(() -> encryption().seal(event("{}"), DataShape.of(Person.class)))
			.withMessageContaining("refers to itself");
		assertThatExceptionOfType(InvalidEventException.class)
			.isThrownBy(() -> encryption(rule("/other")).seal(event("{\"other\":1}"), DataShape.of(Registered.class)))
			.withMessageContaining("more than one data subject");
		assertThat(encryption().seal(event("{}"), DataShape.of(Plain.class)).data()).isEqualTo("{}");
	}

	@Test
	void whatIsAnnotatedIsFoundInsideOfWhatIsNot() {
		Address home = new Address("Elm 1", "1010");
		Person recursive = new Person("Elm 1", List.of(new Person("Elm 1", List.of())));
		for (Object data : List.of(List.of(home), Map.of("home", home), List.of(Map.of("a", List.of(home))),
				new Holder(home), new Holder(List.of(1, home)), new Address[] { home }, List.of(new Card("Elm 1")),
				Map.of("x", new Iban("Elm 1")), new Iban("Elm 1"), new Unwrapping(home),
				new Holder(new Unwrapping(home)), new Holder(new Rest(Map.of("a", "Elm 1"))),
				new Rest(Map.of("a", "Elm 1")), new Holder(new Row("Elm 1")), new Row("Elm 1"), List.of(Level.ELM),
				Optional.of(home), List.of(recursive), new Holder(recursive), new Holder(new Opaque("Elm 1")),
				new Opaque("Elm 1"), new Generic<>(home))) {
			try {
				EventRecord sealed = seal(encryption(), data);
				assertThat(sealed.data()).as("%s", data).contains("$encrypted").doesNotContain("Elm 1", "\"ELM");
				assertThat(encryption().open(sealed, null).data()).isEqualTo(MAPPER.writeValueAsString(data));
			}
			catch (InvalidEventException ex) {
				assertThat(data).as(ex.getMessage()).isInstanceOfAny(Unwrapping.class, Opaque.class);
			}
		}
	}

	@Test
	void whereDeclaredTypesLeadNothingElseIsEncrypted() {
		Registered data = new Registered("u-1", "ada@example.org", new Address("Elm 1", "1010"),
				List.of(new Address("Oak 2", "2020"), new Address("Oak 3", "3030")), Map.of("main", new Card("4711")));
		assertThat(seal(encryption(), data).data()).doesNotContain("ada@", "Elm 1", "Oak 2", "\"4711\"")
			.contains("1010", "2020", "3030", "\"u-1\"");
		EventRecord many = seal(encryption(), new Many(Collections.nCopies(3000, new Address("Elm 1", "1010"))));
		assertThat(many.data()).contains("1010").doesNotContain("Elm 1");
	}

	@Test
	void theDataSubjectIsFoundInsideOfWhatIsNotAnnotated() {
		EventRecord sealed = seal(encryption(), Map.of("author", new Note(3, "hi")));
		assertThat(sealed.data()).startsWith(SealedValue.START).contains("\"kid\":\"subject:1\"");
		assertThat(seal(encryption(), List.of(new Note(3, "hi"))).data()).contains("\"kid\":\"subject:1\"");
		assertThatExceptionOfType(InvalidEventException.class)
			.isThrownBy(() -> seal(encryption(), Collections.nCopies(2000, new Note(3, "hi"))))
			.withMessageContaining("more than one data subject");
	}

	@Test
	void editedDataIsNeverStoredPlainWhereItIsAnnotated() {
		EventEncryption encryption = encryption();
		DataWriter.Written edit = new DataWriter(MAPPER).write(Map.of("home", new Address("Elm 1", "1010")));
		assertThatExceptionOfType(InvalidEventException.class)
			.isThrownBy(() -> encryption.reseal(event("{}"), edit.json(), edit.shape()))
			.withMessageContaining("was stored in plain text");
		EventRecord fields = seal(encryption(rule(null, "/email")), Map.of("email", "a"));
		assertThatExceptionOfType(InvalidEventException.class)
			.isThrownBy(() -> encryption.reseal(fields, edit.json(), edit.shape()))
			.withMessageContaining("where the stored data is not");
		assertThat(encryption.reseal(seal(encryption(rule(null)), 1), edit.json(), edit.shape()))
			.doesNotContain("Elm 1");
	}

	private static EventRecord seal(EventEncryption encryption, Object data) {
		DataWriter.Written written = new DataWriter(MAPPER).write(data);
		assertThat(written.json()).isEqualTo(MAPPER.writeValueAsString(data));
		return encryption.seal(event(written.json()), written.shape());
	}

	@Test
	void rulesAddToAnnotations() {
		EventRecord sealed = encryption(rule(null, "/note")).seal(
				event("{\"userId\":\"u-1\",\"email\":\"ada\",\"note\":\"hi\",\"n\":1}"),
				DataShape.of(Registered.class));
		assertThat(sealed.data()).doesNotContain("\"ada\"", "\"hi\"").contains("\"n\":1");
	}

	@Test
	void eachDataSubjectHasAKeyThatAllNodesAgreeOn() {
		EncryptionRule rule = rule("/userId");
		EventEncryption one = encryption(rule);
		EventEncryption two = encryption(rule);
		EventRecord ada = one.seal(event("{\"userId\":\"ada\",\"n\":1}"), DataShape.of(Map.class));
		EventRecord again = two.seal(event("{\"userId\":\"ada\",\"n\":2}"), DataShape.of(Map.class));
		assertThat(ada.metadata().get(EventEncryption.METADATA)).doesNotContain("ada");
		assertThat(two.open(ada, null).data()).contains("\"n\":1");
		assertThat(one.open(again, null).data()).contains("\"n\":2");
		EventRecord eve = one.seal(event("{\"userId\":\"eve\",\"n\":1}"), DataShape.of(Map.class));
		assertChanged(one, eve.withMetadata(ada.metadata()));
	}

	@Test
	void anEventWithoutItsDataSubjectIsRefused() {
		for (String data : List.of("{}", "{\"userId\":null}", "{\"userId\":{}}", "{\"userId\":\" \"}", "7")) {
			assertThatExceptionOfType(InvalidEventException.class).as(data)
				.isThrownBy(() -> encryption(rule("/userId")).seal(event(data), DataShape.of(Map.class)))
				.withMessageContaining("no data subject: at /userId");
		}
	}

	@Test
	void whatIsForgottenCannotBeReadAgain() {
		EventEncryption one = encryption(rule("/userId", "/email"));
		EventRecord ada = one.seal(event("{\"userId\":\"ada\",\"email\":\"a@b\"}"), DataShape.of(Map.class));
		EventRecord eve = one.seal(event("{\"userId\":\"eve\",\"email\":\"e@b\"}"), DataShape.of(Map.class));
		EventRecord bare = one.seal(event("{\"userId\":\"ada\"}"), DataShape.of(Map.class));
		one.forget("ada");
		assertThat(one.isForgotten("ada")).isTrue();
		for (EventEncryption node : List.of(one, encryption(rule("/userId", "/email")))) {
			assertThatExceptionOfType(SubjectErasedException.class).isThrownBy(() -> node.open(ada, null))
				.withMessageContaining(ada.id().toString());
			assertThatExceptionOfType(SubjectErasedException.class)
				.isThrownBy(() -> node.seal(event("{\"userId\":\"ada\",\"email\":\"a@b\"}"), DataShape.of(Map.class)));
			assertThat(node.open(eve, null).data()).contains("e@b");
			assertThat(node.open(bare, null).data()).isEqualTo("{\"userId\":\"ada\"}");
		}
	}

	@Test
	void whoIsReadmittedGetsANewKeyAndTheOldDataStaysForgotten() {
		EventEncryption one = encryption(rule("/userId"));
		EventEncryption two = encryption(rule("/userId"));
		EventRecord old = one.seal(event("{\"userId\":\"ada\"}"), DataShape.of(Map.class));
		assertThat(one.readmit("ada")).isFalse();
		one.forget("ada");
		assertThatExceptionOfType(SubjectErasedException.class).isThrownBy(() -> two.open(old, null));
		assertThat(one.readmit("ada")).isTrue();
		assertThat(one.isForgotten("ada")).isFalse();
		EventRecord now = one.seal(event("{\"userId\":\"ada\",\"n\":2}"), DataShape.of(Map.class));
		// although this node still remembers that she was forgotten
		assertThat(two.open(now, null).data()).contains("\"n\":2");
		assertThatExceptionOfType(SubjectErasedException.class).isThrownBy(() -> one.open(old, null));
		assertThatExceptionOfType(SubjectErasedException.class).isThrownBy(() -> two.open(old, null));
	}

	@Test
	void forgettingSomebodyUnknownKeepsEventsAboutHimOut() {
		EventEncryption encryption = encryption(rule("/userId"));
		encryption.forget("ada");
		encryption.forget("ada");
		assertThatExceptionOfType(SubjectErasedException.class)
			.isThrownBy(() -> encryption.seal(event("{\"userId\":\"ada\"}"), DataShape.of(Map.class)));
	}

	@Test
	void theKeyOfASubjectIsEncryptedAndBoundToHim() {
		EventEncryption encryption = encryption(rule("/userId"));
		EventRecord ada = encryption.seal(event("{\"userId\":\"ada\"}"), DataShape.of(Map.class));
		encryption.seal(event("{\"userId\":\"eve\"}"), DataShape.of(Map.class));
		String stored = this.store.subjectKeys().find(SubjectKeyring.digest("ada")).orElseThrow().wrapped();
		assertThat(stored).startsWith("{\"$encrypted\":{\"alg\":\"A256GCM\",\"kid\":\"2026\"").hasSizeLessThan(1000);
		assertThatExceptionOfType(EncryptedEventException.class)
			.isThrownBy(() -> encryption(EventKeyProvider.of(List.of(OLD), "2025")).open(ada, null))
			.withMessageContaining("there is no key '2026'")
			.withMessageContaining("data subject");
		MemoryEventStore swapped = new MemoryEventStore();
		String his = this.store.subjectKeys().find(SubjectKeyring.digest("eve")).orElseThrow().wrapped();
		swapped.subjectKeys().add(new SubjectKeyRecord(SubjectKeyring.digest("ada"), 1, his));
		EventEncryption other = EventEncryption.of(
				new EncryptionSettings(EventKeyProvider.of(List.of(NEW), "2026"), List.of(), Duration.ZERO), swapped,
				MAPPER);
		assertThatExceptionOfType(EncryptedEventException.class).isThrownBy(() -> other.open(ada, null))
			.withMessageContaining("key of its data subject was changed");
	}

	@Test
	void newDataOfAStoredEventIsEncryptedAsTheOldWas() {
		EventEncryption encryption = encryption(rule("/userId", "/email"));
		EventRecord sealed = encryption.seal(event("{\"userId\":\"ada\",\"email\":\"a@b\"}"), DataShape.of(Map.class));
		String edited = "{\"userId\":\"ada\",\"email\":\"new@b\"}";
		String resealed = encryption.reseal(sealed, edited, DataShape.of(Map.class));
		assertThat(resealed).doesNotContain("new@b");
		assertThat(encryption.open(copy(sealed, resealed), null).data()).isEqualTo(edited);
		assertThatExceptionOfType(InvalidEventException.class)
			.isThrownBy(() -> encryption.reseal(sealed, edited.replace("ada", "eve"), DataShape.of(Map.class)))
			.withMessageContaining("another data subject");
		EventRecord plain = event("1");
		assertThat(encryption().reseal(plain, "2", DataShape.of(Map.class))).isEqualTo("2");
		assertThatExceptionOfType(InvalidEventException.class)
			.isThrownBy(() -> encryption.reseal(plain, "2", DataShape.of(Map.class)))
			.withMessageContaining("was stored in plain text");
	}

	@Property(tries = 500)
	void whateverIsEncryptedComesBack(@ForAll String text, @ForAll long number, @ForAll boolean whole,
			@ForAll boolean subject) {
		UnaryOperator<String> quoted = MAPPER::writeValueAsString;
		String data = "{\"userId\":\"" + number + "\",\"text\":" + quoted.apply(withoutLoneSurrogates(text))
				+ ",\"more\":[" + number + ",{\"text\":" + quoted.apply(withoutLoneSurrogates(text)) + "}]}";
		String[] fields = whole ? new String[0] : new String[] { "/text", "/more/*/text" };
		EventEncryption encryption = encryption(rule(subject ? "/userId" : null, fields));
		EventRecord sealed = encryption.seal(event(data), DataShape.of(Map.class));
		assertThat(encryption.open(sealed, null).data()).isEqualTo(data);
		assertThat(encryption.seal(sealed.withData(data), DataShape.of(Map.class)).data()).isNotEqualTo(sealed.data());
	}

	/** Which have no UTF-8, in which all stores keep data. */
	private static String withoutLoneSurrogates(String text) {
		return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
	}

	record Registered(@DataSubject String userId, @Encrypted String email, Address home, List<Address> others,
			Map<String, Card> cards) {

	}

	record Address(@Encrypted String street, String zip) {

	}

	@Encrypted
	record Card(String number) {

	}

	record Note(@DataSubject int author, String text) {

	}

	record Person(@Encrypted String name, List<Person> friends) {

	}

	record Plain(String name, List<Plain> friends) {

	}

	record Holder(Object value) {

	}

	record Generic<T>(T value) {

	}

	record Many(List<Address> all) {

	}

	record Iban(@Encrypted @JsonValue String value) {

	}

	record Unwrapping(@JsonUnwrapped(prefix = "home") Address home) {

	}

	record Rest(@Encrypted @JsonAnyGetter Map<String, Object> rest) {

	}

	@JsonFormat(shape = JsonFormat.Shape.ARRAY)
	record Row(@Encrypted String name) {

	}

	record Opaque(@Encrypted String name) implements JacksonSerializable {

		@Override
		public void serialize(JsonGenerator generator, SerializationContext context) {
			generator.writeString(this.name);
		}

		@Override
		public void serializeWithType(JsonGenerator generator, SerializationContext context, TypeSerializer type) {
			serialize(generator, context);
		}

	}

	@Encrypted
	enum Level {

		ELM

	}

}
