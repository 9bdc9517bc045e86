package dev.events.test.store;

import java.util.List;

import dev.events.store.SubjectKeyRecord;
import dev.events.store.SubjectKeys;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Adding, erasing and readmitting the keys of data subjects.
 */
abstract class SubjectKeysContract extends StoreContract {

	private static final String ADA = "0123456789abcdef".repeat(4);

	private static final String EVE = "fedcba9876543210".repeat(4);

	private static SubjectKeyRecord key(String subject, int generation) {
		return new SubjectKeyRecord(subject, generation, "{\"of\" : \"" + subject + " " + generation + "\"}");
	}

	private SubjectKeys keys() {
		return this.store.subjectKeys();
	}

	@Test
	void newOneIsStoredAsGiven() {
		SubjectKeyRecord longest = new SubjectKeyRecord(ADA, 1, "x".repeat(1000));
		assertThat(keys().find(ADA)).isEmpty();
		assertThat(keys().add(longest)).isEqualTo(longest);
		assertThat(keys().find(ADA)).hasValue(longest);
	}

	@Test
	void oneThatIsThereStays() {
		keys().add(key(ADA, 1));
		assertThat(keys().add(new SubjectKeyRecord(ADA, 1, "other"))).isEqualTo(key(ADA, 1));
		assertThat(keys().find(ADA)).hasValue(key(ADA, 1));
	}

	@Test
	void addedByManyThreadsIsOne() throws Exception {
		List<SubjectKeyRecord> stored = Threads
			.onEach((thread) -> keys().add(new SubjectKeyRecord(ADA, 1, "of " + thread)));
		assertThat(stored).hasSize(Threads.COUNT).containsOnly(keys().find(ADA).orElseThrow());
	}

	@Test
	void erasedOneLeavesThatItWasErased() {
		keys().add(key(ADA, 1));
		keys().add(key(EVE, 1));
		assertThat(keys().erase(ADA)).isTrue();
		assertThat(keys().find(ADA)).hasValue(new SubjectKeyRecord(ADA, 1, null));
		assertThat(keys().find(EVE)).hasValue(key(EVE, 1));
		assertThat(keys().erase(ADA)).isFalse();
		assertThat(keys().add(key(ADA, 1))).isEqualTo(new SubjectKeyRecord(ADA, 1, null));
	}

	@Test
	void oneThatIsNotThereIsErased() {
		assertThat(keys().erase(ADA)).isFalse();
		assertThat(keys().find(ADA)).hasValue(new SubjectKeyRecord(ADA, 1, null));
		assertThat(keys().add(key(ADA, 1)).isErased()).isTrue();
	}

	@Test
	void erasedOneIsReplacedByTheNextGenerationOnly() {
		assertThat(keys().readmit(key(ADA, 2))).isFalse();
		assertThat(keys().find(ADA)).isEmpty();
		keys().add(key(ADA, 1));
		assertThat(keys().readmit(key(ADA, 2))).isFalse();
		assertThat(keys().find(ADA)).hasValue(key(ADA, 1));
		keys().erase(ADA);
		assertThat(keys().readmit(key(ADA, 3))).isFalse();
		assertThat(keys().readmit(key(ADA, 2))).isTrue();
		assertThat(keys().find(ADA)).hasValue(key(ADA, 2));
		assertThat(keys().erase(ADA)).isTrue();
		assertThat(keys().find(ADA)).hasValue(new SubjectKeyRecord(ADA, 2, null));
		assertThat(keys().readmit(key(ADA, 3))).isTrue();
	}

	@Test
	void readmittedByManyThreadsIsOne() throws Exception {
		keys().erase(ADA);
		List<Boolean> readmitted = Threads
			.onEach((thread) -> keys().readmit(new SubjectKeyRecord(ADA, 2, "of " + thread)));
		assertThat(readmitted).containsOnlyOnce(true);
		assertThat(keys().find(ADA)).hasValueSatisfying((key) -> assertThat(key.generation()).isEqualTo(2));
	}

	@Test
	void erasedWhileManyThreadsAddItIsErased() throws Exception {
		Threads.onEach((thread) -> (thread == 0) ? keys().erase(ADA)
				: keys().add(new SubjectKeyRecord(ADA, 1, "of " + thread)).isErased());
		assertThat(keys().find(ADA)).hasValue(new SubjectKeyRecord(ADA, 1, null));
	}

}
