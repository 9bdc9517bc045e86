package dev.events.redis;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

import dev.events.DeadLetters;
import org.jspecify.annotations.Nullable;

/**
 * Finds dead letters without loading them: the sets of them say id, position and type.
 */
final class DeadLetterPages {

	private static final Predecessor NONE = new Predecessor("");

	private final RedisCalls calls;

	DeadLetterPages(RedisCalls calls) {
		this.calls = calls;
	}

	/** Those with a greater id, whether or not their type matches. */
	Page read(DeadLetters.Filter filter, @Nullable UUID after, int limit) {
		return read(filter.subscription(), (after != null) ? new Predecessor(after.toString()) : NONE, limit);
	}

	/** The dead letter with this id. */
	Optional<Place> find(UUID id) {
		return read(null, Predecessor.of(id), 1).places.stream().filter((place) -> place.id.equals(id)).findFirst();
	}

	private Page read(@Nullable String subscription, Predecessor after, int limit) {
		Arguments arguments = new Arguments().add(after.text).add(limit);
		if (subscription != null) {
			arguments.add(subscription);
		}
		Answer answer = this.calls.run("read dead letters", Script.DEAD_LETTER_PAGE, arguments);
		return new Page(answer.lists().stream().map(Place::of).toList(), limit);
	}

	/**
	 * The text after which a page begins.
	 */
	private record Predecessor(String text) {

		/** What comes right before an id, and is none itself. */
		static Predecessor of(UUID id) {
			String text = id.toString();
			char last = (char) (text.charAt(text.length() - 1) - 1);
			return new Predecessor(text.substring(0, text.length() - 1) + last);
		}

	}

	/**
	 * Where a dead letter is.
	 *
	 * @param subscription its subscription
	 * @param id its id
	 * @param position position of the event
	 * @param type type of the event
	 */
	record Place(String subscription, UUID id, long position, String type) {

		static Place of(Answer answer) {
			String[] parts = answer.string(1).split(":", 3);
			return new Place(answer.string(0), UUID.fromString(parts[0]), Long.parseLong(parts[1]), parts[2]);
		}

		void addTo(Arguments arguments) {
			arguments.add(this.subscription).add(this.position);
		}

	}

	/**
	 * Some dead letters, by id.
	 *
	 * @param places where they are
	 * @param limit how many were asked for
	 */
	record Page(List<Place> places, int limit) {

		boolean isFull() {
			return this.places.size() == this.limit;
		}

		/** From where the next page goes on. */
		@Nullable UUID last() {
			return this.places.isEmpty() ? null : this.places.get(this.places.size() - 1).id;
		}

		List<Place> matching(DeadLetters.Filter filter) {
			return this.places.stream()
				.filter((place) -> filter.type() == null || filter.type().matches(place.type))
				.toList();
		}

	}

}
