/* SPDX-License-Identifier: Apache-2.0 */
/* A statement: [@[!]predicate] operation.qualifiers operands. */
#include "machine.h"

#include <algorithm>
#include <sstream>
#include <stdlib.h>

namespace ct_ptx
{

static std::string trimmed(const std::string &s)
{
    const size_t first = s.find_first_not_of(" \t\n\r"), last = s.find_last_not_of(" \t\n\r");
    return first == std::string::npos ? "" : s.substr(first, last - first + 1);
}

/* Between commas outside of braces and brackets. */
static std::vector<std::string> split(const std::string &s)
{
    std::vector<std::string> out;
    std::string now;
    int depth = 0;
    for (char c : s) {
        depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
        if (c == ',' && !depth) {
            out.push_back(trimmed(now));
            now.clear();
        } else {
            now += c;
        }
    }
    if (!trimmed(now).empty())
        out.push_back(trimmed(now));
    return out;
}

static int width_of(const kernel &k, const std::string &name)
{
    auto found = k.width.find(name);
    if (found == k.width.end())
        found = k.width.find(name.substr(0, name.find_last_not_of("0123456789") + 1));
    if (found == k.width.end())
        refuse(k.name, "no register " + name);
    return found->second;
}

static int register_of(kernel &k, const std::string &name)
{
    (void)width_of(k, name);
    const auto known = k.number.find(name);
    if (known != k.number.end())
        return known->second;
    k.registers.push_back(UINT64_C(0xdeadbeefdeadbeef)); /* nobody has written it yet */
    return k.number[name] = (int)k.registers.size() - 1;
}

static int constant(kernel &k, uint64_t value)
{
    const auto known = k.constant.find(value);
    if (known != k.constant.end())
        return known->second;
    k.registers.push_back(value);
    return k.constant[value] = (int)k.registers.size() - 1;
}

static uint64_t immediate(const kernel &k, const std::string &s)
{
    char *end = nullptr;
    uint64_t value;
    if (s.compare(0, 2, "0d") == 0 || s.compare(0, 2, "0D") == 0)
        value = strtoull(s.c_str() + 2, &end, 16);
    else if (s[0] == '-')
        value = (uint64_t)strtoll(s.c_str(), &end, 0);
    else
        value = strtoull(s.c_str(), &end, 0);
    if (*end)
        refuse(k.name, "operand " + s);
    return value;
}

static int operand(kernel &k, const std::string &s)
{
    static const std::map<std::string, special> specials = {
        {"%tid.x", TID_X},       {"%ntid.x", NTID_X},     {"%ctaid.x", CTAID_X},
        {"%ctaid.y", CTAID_Y},   {"%ctaid.z", CTAID_Z},   {"%nctaid.x", NCTAID_X},
        {"%nctaid.y", NCTAID_Y}, {"%nctaid.z", NCTAID_Z}, {"%laneid", LANEID},
        {"%tid.y", ZERO},        {"%tid.z", ZERO},        {"%ntid.y", ONE},
        {"%ntid.z", ONE}};
    const auto named = specials.find(s);
    if (named != specials.end())
        return named->second;
    if (s[0] == '%')
        return register_of(k, s);
    if (isdigit((unsigned char)s[0]) || s[0] == '-')
        return constant(k, immediate(k, s));
    if (k.parameter.count(s))
        return constant(k, k.parameter[s].offset);
    if (k.shared.count(s))
        return constant(k, k.shared[s].offset);
    if (!k.local_name.empty() && s == k.local_name)
        return constant(k, 0);
    refuse(k.name, "operand " + s);
}

/* One operand, or a vector of them. */
static int operands(kernel &k, const std::string &s, int *out, int most)
{
    const std::vector<std::string> parts =
        s[0] == '{' ? split(s.substr(1, s.size() - 2)) : std::vector<std::string>{s};
    if ((int)parts.size() > most)
        refuse(k.name, "too many operands: " + s);
    for (size_t i = 0; i < parts.size(); i++)
        out[i] = operand(k, parts[i]);
    return (int)parts.size();
}

static void sources(kernel &k, instruction &i, const std::vector<std::string> &operand_texts,
                    size_t first)
{
    for (size_t o = first; o < operand_texts.size(); o++)
        i.froms += operands(k, operand_texts[o], i.from + i.froms, 10 - i.froms);
}

/* One register, or two with a bar between them. */
static void destinations(kernel &k, instruction &i, const std::string &s)
{
    const size_t bar = s.find('|');
    i.tos = operands(k, s.substr(0, bar), i.to, 4);
    if (bar != std::string::npos)
        i.to[i.tos++] = operand(k, s.substr(bar + 1));
}

/* "[register+number]" */
static void address(kernel &k, instruction &i, const std::string &s)
{
    const std::string inside = trimmed(s.substr(1, s.size() - 2));
    const size_t plus = inside.find('+');
    if (s[0] != '[')
        refuse(k.name, "address " + s);
    i.base = operand(k, trimmed(inside.substr(0, plus)));
    i.offset = plus == std::string::npos ? 0 : (int64_t)immediate(k, inside.substr(plus + 1));
}

static bool has(const std::vector<std::string> &word, const char *text)
{
    return std::find(word.begin(), word.end(), text) != word.end();
}

static space space_of(const std::vector<std::string> &word)
{
    return has(word, "global")   ? GLOBAL
           : has(word, "shared") ? SHARED
           : has(word, "local")  ? LOCAL
           : has(word, "param")  ? PARAM
                                 : GENERIC;
}

/* Qualifiers that change nothing here: all memory is consistent. */
static void only_known(const kernel &k, const std::vector<std::string> &word, size_t last)
{
    for (size_t w = 1; w < last; w++)
        if (!space_of({word[w]}) && word[w] != "volatile" && word[w] != "nc" && word[w] != "v2" &&
            word[w] != "v4" && word[w] != "relaxed" && word[w] != "gpu")
            refuse(k.name, "qualifier " + word[w]);
}

static bool decode_memory(kernel &k, instruction &i, const std::vector<std::string> &word,
                          const std::vector<std::string> &part)
{
    const bool ld = word[0] == "ld", st = word[0] == "st", red = word[0] == "red";
    if (!ld && !st && !red && word[0] != "atom")
        return false;
    const std::string type = word.back();
    i.where = space_of(word);
    i.strong = has(word, "volatile") || has(word, "relaxed");
    if (ld) {
        only_known(k, word, word.size() - 1);
        i.tos = operands(k, part[0], i.to, 4);
        i.wide = width_of(k, part[0][0] == '{' ? split(part[0].substr(1, part[0].size() - 2))[0]
                                               : part[0]) == 64;
        address(k, i, part[1]);
        set_load(i, type);
    } else if (st) {
        only_known(k, word, word.size() - 1);
        address(k, i, part[0]);
        sources(k, i, part, 1);
        set_store(i, type);
    } else {
        only_known(k, word, word.size() - 2);
        i.tos = red ? 0 : operands(k, part[0], i.to, 1);
        address(k, i, part[red ? 0 : 1]);
        sources(k, i, part, red ? 1 : 2);
        set_atomic(i, word[word.size() - 2], type);
    }
    return true;
}

static bool decode_control(kernel &k, instruction &i, const std::vector<std::string> &word,
                           const std::vector<std::string> &part)
{
    if (word[0] == "bra") {
        i.run = jump;
    } else if (word[0] == "ret" || word[0] == "exit") {
        i.run = end_thread;
    } else if ((word[0] == "bar" || word[0] == "barrier") && has(word, "sync") &&
               !has(word, "warp")) {
        if (part.size() != 1 || part[0] != "0")
            refuse(k.name, "barrier of some threads: " + i.text);
        i.run = stop_block;
    } else if (word[0] == "bar" && has(word, "warp")) {
        sources(k, i, part, 0);
        i.run = stop_warp;
    } else if (word[0] == "shfl" || word[0] == "vote" || word[0] == "match" || word[0] == "mma") {
        if (!has(word, "sync"))
            refuse(k.name, i.text);
        destinations(k, i, part[0]);
        sources(k, i, part, 1);
        i.by_all = word[0] == "mma";
        i.run = stop_warp;
    } else {
        return false;
    }
    return true;
}

void decode(kernel &k, const std::string &statement)
{
    instruction i;
    std::string rest = statement;
    i.text = statement;
    if (rest[0] == '@') {
        const size_t end = rest.find_first_of(" \t");
        i.guard_not = rest[1] == '!';
        i.guard = register_of(k, rest.substr(i.guard_not ? 2 : 1, end - (i.guard_not ? 2 : 1)));
        rest = trimmed(rest.substr(end));
    }
    const size_t end = rest.find_first_of(" \t");
    const std::string operation = rest.substr(0, end);
    std::vector<std::string> word;
    std::stringstream words(operation);
    for (std::string w; getline(words, w, '.');)
        word.push_back(w);
    i.alike = std::hash<std::string>()(operation);
    const std::vector<std::string> part =
        end == std::string::npos ? std::vector<std::string>() : split(rest.substr(end));
    if (decode_control(k, i, word, part) || decode_memory(k, i, word, part)) {
        k.code.push_back(std::move(i));
        return;
    }
    if (part.empty())
        refuse(k.name, statement);
    destinations(k, i, part[0]);
    sources(k, i, part, 1);
    if (!decode_arithmetic(i, word))
        refuse(k.name, "unknown: " + statement);
    k.code.push_back(std::move(i));
}

} // namespace ct_ptx
