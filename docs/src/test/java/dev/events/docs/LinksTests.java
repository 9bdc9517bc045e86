package dev.events.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Links to nowhere are found.
 */
class LinksTests {

	@TempDir
	Path root;

	@Test
	void linksToFilesAndHeadingsAreFollowed() throws IOException {
		Files.createDirectories(this.root.resolve("docs"));
		Files.writeString(this.root.resolve("README.md"), "## Events for later, and `more`\n");
		assertThat(check("""
				# What is it?
				[a](../README.md), [b](../README.md#events-for-later-and-more), [c](#what-is-it),
				[d](https://example.org/x#y), `[e](nowhere.md)`
				```
				[f](nowhere.md)
				```
				""")).isEmpty();
		assertThat(check("""
				# What is it?
				[a](../nowhere.md) [b](../README.md#for-later)
				[c](#what)
				""")).containsExactly(new Problem("docs/page.md", 2, "there is no ../nowhere.md"),
				new Problem("docs/page.md", 2, "there is no heading #for-later in README.md"),
				new Problem("docs/page.md", 3, "there is no heading #what in docs/page.md"));
	}

	private List<Problem> check(String text) {
		return new Links(this.root).check(Page.of("docs/page.md", text.lines().toList()));
	}

}
