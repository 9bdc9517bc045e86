package dev.events.docs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Follows the links of a page inside the project, to files and to headings.
 */
final class Links {

	private final Path root;

	Links(Path root) {
		this.root = root;
	}

	List<Problem> check(Page page) {
		return page.links().stream().flatMap((link) -> check(page, link).stream()).toList();
	}

	private Optional<Problem> check(Page page, Page.Link link) {
		if (link.target().contains(":")) {
			return Optional.empty();
		}
		String[] parts = link.target().split("#", 2);
		Path from = this.root.resolve(page.name());
		Path to = parts[0].isEmpty() ? from : from.resolveSibling(parts[0]).normalize();
		if (!to.equals(from) && !Files.exists(to)) {
			return Optional.of(new Problem(page.name(), link.line(), "there is no " + parts[0]));
		}
		if (parts.length == 2) {
			Page target = to.equals(from) ? page : Page.read(this.root, to);
			if (!target.anchors().contains(parts[1])) {
				return Optional.of(new Problem(page.name(), link.line(),
						"there is no heading #" + parts[1] + " in " + target.name()));
			}
		}
		return Optional.empty();
	}

}
