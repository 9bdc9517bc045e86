package dev.events.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The patches that break the engine fit the sources, so that the torture test can be
 * shown to find what they do.
 */
class BreakageTests {

	private static final Path PATCHES = Path.of("src/breakage");

	static List<Path> patches() throws IOException {
		try (Stream<Path> files = Files.list(PATCHES)) {
			return files.filter((file) -> file.toString().endsWith(".patch")).sorted().toList();
		}
	}

	@ParameterizedTest
	@MethodSource("patches")
	void fitsTheSources(Path patch) throws IOException {
		List<String> source = List.of();
		int changes = 0;
		List<String> lines = Files.readAllLines(patch);
		for (int i = 0; i < lines.size(); i++) {
			String line = lines.get(i);
			if (line.startsWith("--- a/")) {
				source = Files.readAllLines(Path.of("..").resolve(line.substring("--- a/".length())));
			}
			else if (line.startsWith("@@")) {
				List<String> before = before(lines.subList(i + 1, lines.size()));
				assertThat(source).as("make it anew with git diff -U1").containsSequence(before);
				changes++;
			}
		}
		assertThat(changes).isPositive();
	}

	/** What a hunk expects to find. */
	private static List<String> before(List<String> following) {
		List<String> before = new ArrayList<>();
		for (String line : following) {
			if (line.startsWith("@@") || line.startsWith("diff ")) {
				break;
			}
			if (line.startsWith(" ") || line.startsWith("-")) {
				before.add(line.substring(1));
			}
		}
		return before;
	}

}
