package dev.events.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page of the guide, taken apart.
 *
 * @param name path from the root of the project
 * @param blocks its blocks of code, hidden ones included
 * @param links where its links lead
 * @param anchors what links into the page may name behind {@code #}
 */
record Page(String name, List<Block> blocks, List<Link> links, Set<String> anchors) {

	private static final Pattern FENCE = Pattern.compile("\\s*```(\\S*).*");

	private static final Pattern HIDDEN = Pattern.compile("<!-- (java)\\s*");

	private static final Pattern HEADING = Pattern.compile("#{1,6} (.*)");

	private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");

	static Page read(Path root, Path file) {
		try {
			return of(root.relativize(file).toString().replace('\\', '/'), Files.readAllLines(file));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static Page of(String name, List<String> lines) {
		List<Block> blocks = new ArrayList<>();
		List<Link> links = new ArrayList<>();
		Set<String> anchors = new HashSet<>();
		for (int i = 0; i < lines.size(); i++) {
			Matcher fence = FENCE.matcher(lines.get(i));
			Matcher hidden = HIDDEN.matcher(lines.get(i));
			if (fence.matches()) {
				Block block = block(lines, i + 1, "```", fence.group(1), false);
				blocks.add(block);
				i += block.lines().size() + 1;
			}
			else if (hidden.matches()) {
				Block block = block(lines, i + 1, "-->", hidden.group(1), true);
				blocks.add(block);
				i += block.lines().size() + 1;
			}
			else {
				String prose = lines.get(i);
				Matcher heading = HEADING.matcher(prose);
				if (heading.matches()) {
					addAnchor(anchors, heading.group(1));
				}
				Matcher link = LINK.matcher(prose.replaceAll("`[^`]*`", "code"));
				while (link.find()) {
					links.add(new Link(i + 1, link.group(1)));
				}
			}
		}
		return new Page(name, List.copyOf(blocks), List.copyOf(links), Set.copyOf(anchors));
	}

	private static Block block(List<String> lines, int start, String end, String language, boolean hidden) {
		int i = start;
		while (i < lines.size() && !lines.get(i).strip().equals(end)) {
			i++;
		}
		return new Block(language, hidden, start + 1, List.copyOf(lines.subList(start, i)));
	}

	/** As GitHub makes them. */
	private static void addAnchor(Set<String> anchors, String heading) {
		String anchor = heading.strip().toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
		String unique = anchor;
		for (int i = 1; !anchors.add(unique); i++) {
			unique = anchor + "-" + i;
		}
	}

	/**
	 * A link.
	 *
	 * @param line the line it stands on, from 1
	 * @param target where it leads
	 */
	record Link(int line, String target) {
	}

}
