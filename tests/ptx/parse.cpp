/* SPDX-License-Identifier: Apache-2.0 */
/* PTX as nvcc writes it: declarations and statements that end with a semicolon. */
#include "machine.h"

#include <sstream>
#include <stdlib.h>

namespace ct_ptx
{

static std::string trimmed(const std::string &s)
{
    const size_t first = s.find_first_not_of(" \t\n\r"), last = s.find_last_not_of(" \t\n\r");
    return first == std::string::npos ? "" : s.substr(first, last - first + 1);
}

static std::string without_comments(const std::string &text)
{
    std::string out;
    for (size_t i = 0; i < text.size(); i++) {
        if (text.compare(i, 2, "//") == 0)
            i = text.find('\n', i);
        if (i == std::string::npos)
            break;
        out += text[i];
    }
    return out;
}

static int bytes_of_type(const std::string &type)
{
    const size_t digits = type.find_first_of("0123456789");
    return digits == std::string::npos ? 0 : atoi(type.c_str() + digits) / 8;
}

/* One variable of a declaration: ".align 8 .b8 name[32]" or ".u64 name", placed behind *used. */
static std::string place(const std::string &declaration, uint64_t *used, variable *out)
{
    std::stringstream words(declaration);
    std::string word, name;
    uint64_t align = 1, each = 0, count = 1;
    while (words >> word)
        if (word == ".align")
            words >> align;
        else if (word[0] != '.')
            name = word;
        else if (const int bytes = bytes_of_type(word))
            each = (uint64_t)bytes;
    const size_t bracket = name.find('[');
    if (bracket != std::string::npos) {
        count = strtoull(name.c_str() + bracket + 1, nullptr,
                         0); /* []: none, as long as the launch says */
        name = name.substr(0, bracket);
    }
    if (name.empty() || !each)
        refuse("declaration", declaration);
    align = align < each ? each : align;
    *used = (*used + align - 1) / align * align;
    *out = variable{*used, each * count};
    *used += each * count;
    return name;
}

static void declare_shared(kernel &k, const std::string &declaration, std::string *dynamic)
{
    variable v;
    if (declaration.find("[]") != std::string::npos) {
        uint64_t nothing = 0;
        *dynamic = place(declaration, &nothing, &v);
        return;
    }
    const std::string name = place(declaration, &k.shared_bytes, &v);
    k.shared[name] = v;
}

/* ".reg .b32 %r<71>" or ".reg .b64 %SP" */
static void declare_registers(kernel &k, const std::string &declaration)
{
    std::stringstream words(declaration);
    std::string reg, type, name;
    words >> reg >> type >> name;
    const size_t range = name.find('<');
    k.width[range == std::string::npos ? name : name.substr(0, range)] =
        type == ".pred" ? 1 : 8 * bytes_of_type(type);
}

static void declare(kernel &k, const std::string &statement, std::string *dynamic)
{
    if (statement.compare(0, 4, ".reg") == 0) {
        declare_registers(k, statement);
    } else if (statement.compare(0, 7, ".shared") == 0) {
        declare_shared(k, statement, dynamic);
    } else if (statement.compare(0, 6, ".local") == 0) {
        variable v;
        k.local_name = place(statement, &k.local_bytes, &v);
    } else if (statement.compare(0, 7, ".pragma") != 0) {
        refuse(k.name, statement);
    }
}

/* Declarations first, since dynamic shared memory begins where the declared one ends. */
static void read_body(kernel &k, const std::string &body, std::string dynamic)
{
    std::vector<std::string> statements;
    std::string now;
    for (char c : body) {
        if ((c == '{' || c == '}') && trimmed(now).empty())
            continue; /* a scope */
        if (c == ':' && trimmed(now).find_first_of(" \t[") == std::string::npos) {
            statements.push_back(trimmed(now) + ":");
            now.clear();
        } else if (c == ';') {
            statements.push_back(trimmed(now));
            now.clear();
        } else {
            now += c;
        }
    }
    if (!trimmed(now).empty())
        refuse(k.name, now);
    for (const std::string &s : statements)
        if (s[0] == '.')
            declare(k, s, &dynamic);
    k.shared_bytes = (k.shared_bytes + 15) / 16 * 16;
    if (!dynamic.empty())
        k.shared[dynamic] = variable{k.shared_bytes, 0};
    for (const std::string &s : statements)
        if (s.back() == ':')
            k.label[s.substr(0, s.size() - 1)] = (int)k.code.size();
        else if (s[0] != '.' && !s.empty())
            decode(k, s);
    for (instruction &i : k.code)
        if (i.run == jump) {
            const std::string name = trimmed(i.text.substr(i.text.find_last_of(" \t")));
            if (!k.label.count(name))
                refuse(k.name, "no label " + name);
            i.target = k.label[name];
        }
    if (k.code.empty() || (k.code.back().run != end_thread && k.code.back().run != jump))
        refuse(k.name, "it does not end");
}

static void read_parameters(kernel &k, const std::string &list)
{
    std::stringstream parts(list);
    std::string part;
    while (getline(parts, part, ',')) {
        if (trimmed(part).empty())
            continue;
        variable v;
        const std::string name = place(trimmed(part), &k.parameter_bytes, &v);
        k.parameter[name] = v;
        k.order.push_back(name);
    }
}

/* A mistake on purpose, so that tests can show that they see it: CT_PTX_MUTANT=KERNEL|FROM|TO replaces the
 * first FROM in kernels whose name contains KERNEL; an empty TO takes all lines out that contain FROM. Without such a text nothing would be tested: refused. */
static void mutate(const std::string &kernel_name, std::string *body)
{
    const char *mutant = getenv("CT_PTX_MUTANT");
    std::stringstream parts(mutant ? mutant : "");
    std::string which, from, to;
    if (!mutant || !getline(parts, which, '|') || !getline(parts, from, '|') ||
        kernel_name.find(which) == std::string::npos)
        return;
    getline(parts, to);
    const size_t place = body->find(from);
    if (place == std::string::npos) {
        fprintf(stderr, "no such text for the mutant in %s: %s\n", kernel_name.c_str(),
                from.c_str());
        _Exit(3);
    }
    if (!to.empty()) {
        body->replace(place, from.size(), to);
        return;
    }
    for (size_t at = place; at != std::string::npos; at = body->find(from))
        body->erase(body->rfind('\n', at), body->find('\n', at) - body->rfind('\n', at));
}

/* From the opening brace at `open` to the one that closes it. */
static size_t closing(const std::string &text, size_t open)
{
    int depth = 0;
    for (size_t i = open; i < text.size(); i++) {
        depth += text[i] == '{' ? 1 : text[i] == '}' ? -1 : 0;
        if (!depth)
            return i;
    }
    refuse("PTX", "a brace is not closed");
}

std::map<std::string, kernel> parse(std::string text)
{
    std::map<std::string, kernel> out;
    kernel file; /* what is declared outside of kernels */
    std::string dynamic;
    text = without_comments(text);
    for (size_t at = 0;;) {
        const size_t end = text.find_first_of(";{", at), entry = text.find(".entry", at);
        if (entry == std::string::npos || end == std::string::npos)
            return out;
        if (end < entry) { /* .version and so on stand before it, without a semicolon */
            const std::string statement = text.substr(at, end - at);
            const size_t shared = statement.find(".shared");
            if (text[end] == '{' || shared == std::string::npos)
                refuse("PTX", trimmed(statement));
            declare_shared(file, statement.substr(shared), &dynamic);
            at = end + 1;
            continue;
        }
        const size_t open = text.find('(', entry), close = text.find("\n)", open),
                     brace = text.find('{', close), last = closing(text, brace);
        kernel k = file;
        k.name = trimmed(text.substr(entry + 6, open - entry - 6));
        k.registers.assign(SPECIALS, 0);
        k.registers[ONE] = 1;
        read_parameters(k, text.substr(open + 1, close - open - 1));
        const size_t bound = text.find(".maxntid", close);
        if (bound < brace)
            k.most_threads = (unsigned)atoi(text.c_str() + bound + 8);
        std::string body = text.substr(brace + 1, last - brace - 1);
        mutate(k.name, &body);
        read_body(k, body, dynamic);
        at = last + 1;
        out[k.name] = std::move(k);
    }
}

} // namespace ct_ptx
