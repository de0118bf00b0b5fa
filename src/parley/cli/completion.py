"""Shell completion, made from the parser itself so that it cannot fall behind."""

from __future__ import annotations

import argparse
from argparse import Namespace
from collections.abc import Mapping

from parley.cli.parser import make_parser


def subcommands(parser: argparse.ArgumentParser) -> Mapping[str, argparse.ArgumentParser]:
    """Give every command's own parser."""
    for action in parser._actions:  # argparse offers no public way to its subparsers
        if isinstance(action, argparse._SubParsersAction):
            return action.choices
    return {}


def words_of(parser: argparse.ArgumentParser) -> list[str]:
    """Give the options of a command and the fixed words of its arguments."""
    words: list[str] = []
    for action in parser._actions:
        words += action.option_strings
        if action.choices is not None and not action.option_strings:
            words += [str(choice) for choice in action.choices]
    return sorted(set(words))


def completion(chosen: Namespace) -> int:
    """Print the script for one shell."""
    commands = subcommands(make_parser())
    print({"bash": _bash, "zsh": _zsh, "fish": _fish}[chosen.shell](commands))
    return 0


def _bash(commands: Mapping[str, argparse.ArgumentParser]) -> str:
    cases = "\n".join(f"    {name}) words='{' '.join(words_of(parser))}' ;;" for name, parser in commands.items())
    return f"""_parley() {{
  local words here="${{COMP_WORDS[COMP_CWORD]}}"
  case "${{COMP_WORDS[1]}}" in
{cases}
    *) words='{" ".join(commands)}' ;;
  esac
  [ "$COMP_CWORD" -eq 1 ] && words='{" ".join(commands)}'
  COMPREPLY=($(compgen -W "$words" -- "$here") $(compgen -f -- "$here"))
}}
complete -F _parley parley"""


def _zsh(commands: Mapping[str, argparse.ArgumentParser]) -> str:
    return "autoload -U +X bashcompinit && bashcompinit\n" + _bash(commands)


def _fish(commands: Mapping[str, argparse.ArgumentParser]) -> str:
    lines = [f"complete -c parley -n __fish_use_subcommand -a '{' '.join(commands)}' -f"]
    for name, parser in commands.items():
        for word in words_of(parser):
            given = f"-l {word[2:]}" if word.startswith("--") else "" if word.startswith("-") else f"-a {word}"
            if given:
                lines.append(f"complete -c parley -n '__fish_seen_subcommand_from {name}' {given}")
    return "\n".join(lines)
