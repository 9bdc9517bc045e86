package dev.events.torture.check;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
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

	private final List<Append> appends = new ArrayList<>();

	private final Map<UUID, Published> begun = new HashMap<>();

	private final List<BegunReplay> replays = new ArrayList<>();

	private final List<Fault> stalls = new ArrayList<>();

	private final Map<String, String> shared = new HashMap<>();

	/**
	 * Reads one journal.
	 * @param worker name of the JVM
	 * @param death when it was dead
	 */
	public void read(String worker, Path file, long death) throws IOException {
		Map<String, String[]> running = new HashMap<>();
		Map<String, Append> appending = new LinkedHashMap<>();
		try (BufferedReader lines = Files.newBufferedReader(file)) {
			for (String line = lines.readLine(); line != null; line = lines.readLine()) {
				String[] words = line.split(" ");
				boolean last = !lines.ready();
				if (!read(worker, words, running, appending) && !last) {
					throw new IOException("In the middle of " + file + ": " + line);
				}
			}
		}
		for (String[] begun : running.values()) {
			this.calls.add(call(worker, begun, death, Call.Outcome.UNFINISHED));
		}
		appending.values().forEach((append) -> add(append.ended(Ending.UNKNOWN, death)));
	}

	/** Whether the line is complete: kill -9 may have cut off the last one. */
	private boolean read(String worker, String[] words, Map<String, String[]> running, Map<String, Append> appending) {
		switch (words[0]) {
			case "S" -> {
				if (words.length != 9) {
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
			case "B" -> {
				if (words.length != 6) {
					return false;
				}
				UUID id = UUID.fromString(words[3]);
				this.begun.put(id, new Published(id, share(words[4]), Long.parseLong(words[5])));
				appending.computeIfAbsent(words[1], (first) -> Append.begun(Long.parseLong(words[2]))).events().add(id);
			}
			case "D" -> {
				Ending ending = (words.length == 4) ? ending(words[3]) : null;
				if (ending == null) {
					return false;
				}
				Append append = appending.remove(words[1]);
				if (append == null) {
					throw new IllegalStateException("Append " + words[1] + " of " + worker + " ends without beginning");
				}
				add(append.ended(ending, Long.parseLong(words[2])));
			}
			case "A" -> {
				Ending ending = (words.length == 3) ? ending(words[2]) : null;
				if (ending == null) {
					return false;
				}
				this.buffered.put(UUID.fromString(words[1]), ending);
			}
			case "R" -> {
				if (words.length != 4) {
					return false;
				}
				long moment = Long.parseLong(words[2]);
				// the last one of this JVM, if it was answered
				this.replays.removeIf((begun) -> begun.worker().equals(worker) && begun.start() == moment);
				if (!words[3].equals("refused")) {
					this.replays.add(new BegunReplay(worker, share(words[1]), moment, words[3].equals("started")));
				}
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

	private void add(Append append) {
		this.appends.add(append);
		append.events().forEach((id) -> this.outcomes.put(id, append.ending()));
	}

	private Call call(String worker, String[] words, long end, Call.Outcome outcome) {
		return new Call(worker, share(words[3]), UUID.fromString(words[4]), share(words[5]), Long.parseLong(words[6]),
				Integer.parseInt(words[7]), words[8].equals("replay"), Long.parseLong(words[2]), end, outcome);
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
			case "refused" -> Ending.REFUSED;
			case "doubted" -> Ending.DOUBTED;
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

	/** What was published outside transactions, and not buffered. */
	public List<Append> appends() {
		return this.appends;
	}

	/**
	 * What of that is in the log: the rest was not stored, which is all right as long as
	 * nobody was told otherwise.
	 */
	public Map<UUID, Published> published(List<UUID> log) {
		Map<UUID, Published> published = new HashMap<>();
		long place = 0;
		for (UUID id : log) {
			Published event = this.begun.get(id);
			place++;
			if (event != null) {
				published.put(id, new Published(id, event.key(), event.seq(), place));
			}
		}
		return published;
	}

	/** What publishers heard of buffered events. */
	public Map<UUID, Ending> buffered() {
		return this.buffered;
	}

	/** Replays that were begun, or may have been. */
	public List<BegunReplay> replays() {
		return this.replays;
	}

	/** Times in which a JVM did not get on. */
	public List<Fault> stalls() {
		return this.stalls;
	}

}
