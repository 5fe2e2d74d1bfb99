/**
 * What makes bash complete a program, by asking the program. It needs bash alone, not the package bash-completion, and may be read
 * again and again. Words go to the program as they are: nothing of a line that is not finished is carried out.
 *
 * @param name the program, as it is called
 */
export function formatBashCompletion(name: string): string {
  const call = `_${name.replaceAll("-", "_")}_complete`;
  return `# bash completion for ${name}
${call}() {
  # bash cuts words at the characters of COMP_WORDBREAKS, such as those of --flag=value and host:port: put together again.
  local words=() word glued="" i
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if ((\${#words[@]} > 0)) && { [[ -n $glued ]] || [[ $word == [=:]* ]]; }; then
      words[\${#words[@]} - 1]+=$word
    else
      words+=("$word")
    fi
    if [[ $word == [=:]* ]]; then glued=1; else glued=""; fi
  done
  ((\${#words[@]} > 0)) || words=("")
  local cur=\${words[\${#words[@]} - 1]} last=\${COMP_WORDS[COMP_CWORD]}
  # What stands before the part that bash puts its answer in place of.
  [[ $last == [=:]* ]] && last=""
  local before=\${cur%"$last"}
  local wanted=$cur
  [[ $cur == -*=* ]] && wanted=\${cur#*=}

  COMPREPLY=()
  local line directive=0 value
  while IFS= read -r line; do
    if [[ $line == :[0-9]* ]]; then
      directive=\${line#:}
      continue
    fi
    value=\${line%%$'\\t'*}
    [[ $value == "$wanted"* ]] || continue
    [[ $wanted == "$cur" ]] && value=\${value#"$before"}
    COMPREPLY+=("$value")
  done < <(${name} complete -- "\${words[@]}" 2>/dev/null)
  ((\${#COMPREPLY[@]} > 0)) && return
  if ((directive & 4)); then
    compopt +o default +o bashdefault 2>/dev/null
    return
  fi
  compopt -o filenames 2>/dev/null
  while IFS= read -r value; do
    COMPREPLY+=("$value")
  done < <(compgen -f -- "$last")
}
complete -o bashdefault -o default -F ${call} ${name}`;
}
