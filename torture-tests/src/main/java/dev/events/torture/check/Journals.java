package dev.events.torture.check;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.events.torture.check.History.Ending;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the workers have written; see the writing side in
 * {@link dev.events.torture.worker}.
 */
public final class Journals {

	private final List<Call> calls = new ArrayList<>();

	private final Map<UUID, Ending> outcomes = new HashMap<>();

	private final Map<UUID, Ending> buffered = new HashMap<>();

	private final List<Fault> stalls = new ArrayList<>();

	private final Map<String, String> shared = new HashMap<>();

	/**
	 * Reads one journal.
	 * @param worker name of the JVM
	 * @param death when it was dead
	 */
	public void read(String worker, Path file, long death) throws IOException {
		Map<String, String[]> running = new HashMap<>();
		try (BufferedReader lines = Files.newBufferedReader(file)) {
			for (String line = lines.readLine(); line != null; line = lines.readLine()) {
				String[] words = line.split(" ");
				boolean last = !lines.ready();
				if (!read(worker, words, running) && !last) {
					throw new IOException("In the middle of " + file + ": " + line);
				}
			}
		}
		for (String[] begun : running.values()) {
			this.calls.add(call(worker, begun, death, Call.Outcome.UNFINISHED));
		}
	}

	/** Whether the line is complete: kill -9 may have cut off the last one. */
	private boolean read(String worker, String[] words, Map<String, String[]> running) {
		switch (words[0]) {
			case "S" -> {
				if (words.length != 8) {
					return false;
				}
				running.put(words[1], words);
			}
			case "E" -> {
				Call.Outcome outcome = (words.length == 4) ? outcome(words[3]) : null;
				if (outcome == null) {
					return false;
				}
				String[] begun = running.remove(words[1]);
				if (begun == null) {
					throw new IllegalStateException("Call " + words[1] + " of " + worker + " ends without beginning");
				}
				this.calls.add(call(worker, begun, Long.parseLong(words[2]), outcome));
			}
			case "T" -> {
				Ending ending = (words.length == 5) ? ending(words[4]) : null;
				if (ending == null) {
					return false;
				}
				this.outcomes.put(UUID.fromString(words[1]), ending);
			}
			case "A" -> {
				Ending ending = (words.length == 3) ? ending(words[2]) : null;
				if (ending == null) {
					return false;
				}
				this.buffered.put(UUID.fromString(words[1]), ending);
			}
			case "G" -> {
				if (words.length != 4) {
					return false;
				}
				this.stalls
					.add(new Fault(Fault.Kind.STALL, worker, Long.parseLong(words[1]), Long.parseLong(words[2])));
			}
			default -> {
				return false;
			}
		}
		return true;
	}

	private Call call(String worker, String[] words, long end, Call.Outcome outcome) {
		return new Call(worker, share(words[3]), UUID.fromString(words[4]), share(words[5]), Long.parseLong(words[6]),
				Integer.parseInt(words[7]), Long.parseLong(words[2]), end, outcome);
	}

	private String share(String text) {
		return this.shared.computeIfAbsent(text, (same) -> same);
	}

	private static Call.@Nullable Outcome outcome(String word) {
		return switch (word) {
			case "ok" -> Call.Outcome.OK;
			case "failed" -> Call.Outcome.FAILED;
			case "interrupted" -> Call.Outcome.INTERRUPTED;
			default -> null;
		};
	}

	private static @Nullable Ending ending(String word) {
		return switch (word) {
			case "committed", "ok" -> Ending.COMMITTED;
			case "rolledback" -> Ending.ROLLED_BACK;
			case "undone" -> Ending.UNDONE;
			case "unknown", "sent", "failed" -> Ending.UNKNOWN;
			default -> null;
		};
	}

	/** All calls. */
	public List<Call> calls() {
		return this.calls;
	}

	/** What publishers heard of their transactions, by event. */
	public Map<UUID, Ending> outcomes() {
		return this.outcomes;
	}

	/** What publishers heard of events outside a transaction. */
	public Map<UUID, Ending> buffered() {
		return this.buffered;
	}

	/** Times in which a JVM did not get on. */
	public List<Fault> stalls() {
		return this.stalls;
	}

}
