package dev.events.redis;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

import dev.events.store.SubjectKeyRecord;
import dev.events.store.SubjectKeys;

/**
 * Keys of data subjects in one hash. Its fields are the subjects, its values the
 * generation, a blank and the key; nothing behind the blank when it was erased.
 */
final class RedisSubjectKeys implements SubjectKeys {

	private final RedisCalls calls;

	private final byte[] key;

	RedisSubjectKeys(RedisCalls calls, Keys keys) {
		this.calls = calls;
		this.key = keys.subjectKeys();
	}

	@Override
	public SubjectKeyRecord add(SubjectKeyRecord key) {
		Answer stored = this.calls.run("add the key of a data subject", Script.SUBJECT_KEY_ADD,
				new Arguments().add(key.subject()).add(text(key)));
		return record(key.subject(), stored.string(0));
	}

	@Override
	public Optional<SubjectKeyRecord> find(String subject) {
		byte[] stored = this.calls.read("read the key of a data subject",
				(commands) -> commands.hget(this.key, subject.getBytes(StandardCharsets.US_ASCII)));
		return Optional.ofNullable(stored).map((value) -> record(subject, new String(value, StandardCharsets.UTF_8)));
	}

	@Override
	public boolean erase(String subject) {
		return this.calls.run("erase the key of a data subject", Script.SUBJECT_KEY_ERASE, new Arguments().add(subject))
			.isTrue(0);
	}

	@Override
	public boolean readmit(SubjectKeyRecord key) {
		return this.calls
			.run("readmit a data subject", Script.SUBJECT_KEY_READMIT,
					new Arguments().add(key.subject()).add((key.generation() - 1) + " ").add(text(key)))
			.isTrue(0);
	}

	private static String text(SubjectKeyRecord key) {
		return key.generation() + " " + ((key.wrapped() != null) ? key.wrapped() : "");
	}

	private static SubjectKeyRecord record(String subject, String text) {
		int blank = text.indexOf(' ');
		String wrapped = text.substring(blank + 1);
		return new SubjectKeyRecord(subject, Integer.parseInt(text.substring(0, blank)),
				wrapped.isEmpty() ? null : wrapped);
	}

}
