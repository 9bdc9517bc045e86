package dev.events.docs;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.events.docs.JavaParser.Kind;
import dev.events.docs.JavaParser.Member;
import dev.events.docs.JavaParser.Parsed;

/**
 * Makes one class of the Java blocks of a page.
 * <p>
 * What is hidden, and types, become members of the class, so that all blocks can use
 * them. Each block becomes a nested class that extends it, so that blocks may declare
 * methods and variables of the same names: with its members, or with one method that has
 * its statements. A type whose name is taken stays in its block.
 */
final class PageSource {

	static final String CLASS_NAME = "GuidePage";

	private static final List<String> IMPORTS = List.of("dev.events.*", "java.time.*", "java.util.*",
			"org.springframework.context.annotation.*", "org.springframework.context.event.EventListener",
			"org.springframework.stereotype.*", "org.springframework.transaction.annotation.Transactional");

	private static final Pattern IMPORT = Pattern.compile("\\s*import .*;.*");

	private static final Pattern LEFT_OUT_LAMBDA = Pattern.compile("-> …");

	private static final Pattern LEFT_OUT_BODY = Pattern.compile("\\{ … }");

	/** May be followed by more, so it must seem to end. */
	private static final Pattern LEFT_OUT_STATEMENT = Pattern
		.compile("(?m)^(\\s*(?:}\\s*)?(?:try|catch|finally|if|else|for|while|synchronized)\\b.*)\\{ … }");

	private static final String THROWS = "{ throw new IllegalStateException(); }";

	private final JavaParser parser = new JavaParser();

	private final Page page;

	private final List<Line> imports = new ArrayList<>();

	private final List<Line> shared = new ArrayList<>();

	private final List<Line> nested = new ArrayList<>();

	private final Set<String> types = new HashSet<>();

	private final List<Problem> problems = new ArrayList<>();

	PageSource(Page page) {
		this.page = page;
		IMPORTS.forEach((name) -> this.imports.add(new Line("import " + name + ";", 0)));
		List<Block> blocks = page.blocks().stream().filter((block) -> block.language().equals("java")).toList();
		blocks.stream().filter(Block::hidden).forEach(this::addHidden);
		blocks.stream().filter((block) -> !block.hidden()).forEach(this::add);
	}

	/** The lines of the class, each with the line of the page it comes from. */
	List<Line> lines() {
		List<Line> lines = new ArrayList<>(this.imports);
		lines.add(new Line("class " + CLASS_NAME + " { EventBus events;", 0));
		lines.addAll(this.shared);
		lines.addAll(this.nested);
		lines.add(new Line("}", 0));
		return lines;
	}

	/** Blocks that could not be parsed; the class is without them. */
	List<Problem> problems() {
		return this.problems;
	}

	private void addHidden(Block block) {
		String text = withoutImports(block);
		Parsed members = this.parser.members(text);
		if (members.isValid()) {
			members.members().forEach((member) -> this.types.add(member.name()));
			add(this.shared, text, 0, text.length(), block);
		}
		else {
			addProblem(block, members);
		}
	}

	private void add(Block block) {
		String text = withWhatWasLeftOut(withoutImports(block));
		Parsed members = this.parser.members(text);
		boolean variablesOnly = members.members().stream().allMatch((member) -> member.kind() == Kind.VARIABLE);
		String head = "static class Block" + block.firstLine() + " extends " + CLASS_NAME + " {";
		if (members.isValid() && !variablesOnly) {
			this.nested.add(new Line(head, block.firstLine()));
			members.members().forEach((member) -> addMember(text, member, block));
			this.nested.add(new Line("}", block.firstLine()));
			return;
		}
		Parsed statements = this.parser.statements(text);
		if (statements.isValid()) {
			this.nested.add(new Line(head + " void block() throws Exception {", block.firstLine()));
			add(this.nested, text, 0, text.length(), block);
			this.nested.add(new Line("}}", block.firstLine()));
			return;
		}
		// the one that came further is what was meant
		boolean asMembers = members.errors().get(0).line() > statements.errors().get(0).line();
		addProblem(block, asMembers ? members : statements);
	}

	private void addMember(String text, Member member, Block block) {
		boolean share = member.kind() == Kind.TYPE && this.types.add(member.name());
		add(share ? this.shared : this.nested, text, member.start(), member.end(), block);
	}

	private void add(List<Line> target, String text, int start, int end, Block block) {
		int line = block.firstLine() + (int) text.substring(0, start).lines().count() - ((start > 0) ? 1 : 0);
		if (start > 0 && text.charAt(start - 1) == '\n') {
			line++;
		}
		for (String part : text.substring(start, end).split("\n", -1)) {
			target.add(new Line(part, line++));
		}
	}

	/** With empty lines in place of imports, so that lines can be counted. */
	private String withoutImports(Block block) {
		List<String> rest = new ArrayList<>();
		for (int i = 0; i < block.lines().size(); i++) {
			String line = block.lines().get(i);
			boolean isImport = IMPORT.matcher(line).matches();
			if (isImport) {
				this.imports.add(new Line(line, block.firstLine() + i));
			}
			rest.add(isImport ? "" : line);
		}
		return String.join("\n", rest);
	}

	private static String withWhatWasLeftOut(String text) {
		String result = LEFT_OUT_STATEMENT.matcher(text).replaceAll("$1{ }");
		result = LEFT_OUT_BODY.matcher(result).replaceAll(Matcher.quoteReplacement(THROWS));
		return LEFT_OUT_LAMBDA.matcher(result).replaceAll(Matcher.quoteReplacement("-> " + THROWS));
	}

	private void addProblem(Block block, Parsed parsed) {
		parsed.errors()
			.forEach((error) -> this.problems
				.add(new Problem(this.page.name(), block.firstLine() + error.line() - 1, error.message())));
	}

	/**
	 * A line of the class.
	 *
	 * @param text the line
	 * @param pageLine the line of the page it comes from, or 0
	 */
	record Line(String text, int pageLine) {
	}

}
