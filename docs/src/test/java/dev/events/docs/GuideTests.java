package dev.events.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Code, configuration and links of each page of the guide, and of the README, are right.
 */
class GuideTests {

	private static final Path ROOT = root();

	private final JavaBlocks java = new JavaBlocks();

	private final ConfigurationBlocks configuration = new ConfigurationBlocks();

	private final Links links = new Links(ROOT);

	@TestFactory
	Stream<DynamicTest> whatThePageSaysIsRight() throws IOException {
		List<Path> files = new ArrayList<>(pages());
		files.add(ROOT.resolve("README.md"));
		return files.stream()
			.map((file) -> Page.read(ROOT, file))
			.map((page) -> DynamicTest.dynamicTest(page.name(), () -> assertThat(check(page)).isEmpty()));
	}

	@Test
	void theIndexHasEveryPage() throws IOException {
		Page index = Page.read(ROOT, ROOT.resolve("docs/README.md"));
		List<String> others = pages().stream()
			.map((file) -> file.getFileName().toString())
			.filter((name) -> !name.equals("README.md"))
			.toList();
		assertThat(index.links()).extracting(Page.Link::target).containsAll(others);
	}

	private List<Problem> check(Page page) {
		List<Problem> problems = new ArrayList<>(this.java.check(page));
		problems.addAll(this.configuration.check(page));
		problems.addAll(this.links.check(page));
		return problems;
	}

	private static List<Path> pages() throws IOException {
		try (Stream<Path> files = Files.list(ROOT.resolve("docs"))) {
			return files.filter((file) -> file.toString().endsWith(".md")).sorted().toList();
		}
	}

	private static Path root() {
		Path folder = Path.of("").toAbsolutePath();
		while (!Files.exists(folder.resolve("mvnw"))) {
			folder = folder.getParent();
		}
		return folder;
	}

}
