package dev.events.docs;

import java.util.List;

/**
 * A block of code in a page.
 *
 * @param language what stands behind its fence, or behind {@code <!--}
 * @param hidden whether readers do not see it, because it stands in a comment
 * @param firstLine line of the page on which its text begins, from 1
 * @param lines its text
 */
record Block(String language, boolean hidden, int firstLine, List<String> lines) {

	String text() {
		return String.join("\n", this.lines);
	}

}
