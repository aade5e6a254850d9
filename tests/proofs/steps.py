"""Reads the double-precision steps of a C++ function, and writes them for Gappa and Sollya.

A statement is either arithmetic on doubles, which is translated operation by operation, or one of those that
the proof takes as written. Any other text is an error: it is not what was proved.
"""
import ast
import operator
import re

FOLDS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}
OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
HEX_FLOAT = re.compile(r"0x[0-9A-Fa-f]+(?:\.[0-9A-Fa-f]+)?p[+-]?\d+")


class NotProved(Exception):
    """The text of the steps is not the text that was proved."""


def normal(text):
    return " ".join(re.sub(r"//[^\n]*", "", text).split())


def body_of(source, head):
    """The statements of the function whose definition begins with `head`."""
    begin = source.find(head)
    if begin < 0:
        raise NotProved(f"no function begins with '{head}'")
    begin = source.index("{\n", begin) + 1
    text = normal(source[begin:source.index("\n}\n", begin)])
    return [statement.strip() for statement in text.split(";") if statement.strip()]


def parts_of(braces):
    """The elements of '{.a = x, .b = y}' or '{x, y}', each with its name, where it has none 'value'."""
    elements, depth, start = [], 0, 0
    inner = braces.strip()[1:-1] + ","
    for at, letter in enumerate(inner):
        depth += letter in "({"
        depth -= letter in ")}"
        if letter == "," and depth == 0:
            match = re.fullmatch(r"\s*(?:\.(\w+) = )?(.*)", inner[start:at])
            elements.append((match[1] or "value", match[2].strip()))
            start = at + 1
    return elements


class Steps:
    """One function's steps, in rounded and in exact arithmetic, each name assigned once.

    as_written: statements and returned elements that the proof's text speaks of
    aliases:    texts that stand for a number which the script declares
    zero:       names whose value is 0, so that a term falls away
    result:     the name of what is returned
    callees:    functions whose steps are put in place: name -> (parameters, statements)
    constants:  numbers, and lists of them, that the steps speak of
    """

    def __init__(self, statements, as_written=(), aliases=None, callees=None, zero=(), result="value", constants=None):
        self.as_written = [normal(text) for text in as_written]
        self.aliases = aliases or {}
        self.callees = callees or {}
        self.result = result
        self.names = {}      # C++ name -> the name that holds its present value
        self.taken = set()
        self.constants = {**(constants or {}), **{name: 0.0 for name in zero}}
        self.lines = []      # (name, tree)
        self.results = []
        for statement in self.substituted(statements):
            self.read(statement)
        if self.as_written:
            raise NotProved(f"the proof takes as written, and does not find: {self.as_written[0]}")

    def substituted(self, statements):
        text = "; ".join(statements)
        for old, new in self.aliases.items():
            if old not in text:
                raise NotProved(f"the proof speaks of '{old}', which is not there")
            text = text.replace(old, new)
        return text.split("; ")

    def taken_as_written(self, text):
        if text not in self.as_written:
            return False
        self.as_written.remove(text)
        return True

    def read(self, statement, result=None):
        if self.taken_as_written(statement):
            return
        if match := re.fullmatch(r"return (.*)", statement):
            elements = parts_of(match[1]) if match[1].startswith("{") else [(result or self.result, match[1])]
            for name, element in elements:
                if not self.taken_as_written(element):
                    self.results.append(self.assign(name, element))
        elif match := re.fullmatch(r"constexpr double (\w+) = (.*)", statement):
            self.constants[match[1]] = self.tree(match[2])
        elif match := re.fullmatch(r"(?:const )?(?:double )?(\w+) = (.*)", statement):
            self.assign(match[1], match[2])
        else:
            raise NotProved(f"not a step of the proof: {statement}")

    def assign(self, name, text):
        return self.put(name, self.tree(text))

    def put(self, name, tree):
        if isinstance(tree, (float, list)):
            self.names[name] = tree
            return tree
        fresh, count = name, 1
        while fresh in self.taken:
            count += 1
            fresh = f"{name}{count}"
        self.taken.add(fresh)
        self.names[name] = fresh
        self.lines.append((fresh, tree))
        return fresh

    def tree(self, text):
        """A tree of (operator, left, right), ('call', name, argument), ('add', a, b, c), floats and names."""
        plain = HEX_FLOAT.sub(lambda found: repr(float.fromhex(found[0])), text).replace("std::", "")
        try:
            return self.reduced(ast.parse(plain.strip(), mode="eval").body)
        except SyntaxError:
            raise NotProved(f"not arithmetic on doubles: {text}") from None

    def reduced(self, node):
        if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
            return float(node.value)
        if isinstance(node, ast.Name):
            return self.constants.get(node.id, self.names.get(node.id, node.id))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
            return -float(node.operand.value)
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            return self.reduced(node.value)[node.slice.value]
        if isinstance(node, ast.Attribute):
            return f"{node.value.id}_{node.attr}"
        if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
            return self.folded(OPERATORS[type(node.op)], self.reduced(node.left), self.reduced(node.right))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return self.called(node.func.id, [self.reduced(argument) for argument in node.args])
        raise NotProved(f"not a step of the proof: {ast.unparse(node)}")

    @staticmethod
    def folded(sign, left, right):
        """What a compiler works out, in double, x - 0 = x, which is no rounding; else the operation."""
        if isinstance(left, float) and isinstance(right, float):
            return FOLDS[sign](left, right)
        return left if sign in "+-" and right == 0 else (sign, left, right)

    def called(self, name, arguments):
        if name in ("sqrt", "fabs"):
            return ("call", name, arguments[0])
        if name == "multiply_add":
            return arguments[2] if 0.0 in arguments[:2] else ("add", *arguments)
        if name not in self.callees:
            raise NotProved(f"the proof knows no function '{name}'")
        parameters, statements = self.callees[name]
        for parameter, argument in zip(parameters, arguments, strict=True):
            self.put(parameter, argument)
        for statement in statements:
            self.read(statement, result=name)
        return self.results.pop()

    def rounded(self, first=None, fused=False):
        """Each operation rounded to nearest, from the line that assigns `first`; a multiply_add once or twice."""
        add = "rnd({} * {} + {})" if fused else "rnd(rnd({} * {}) + {})"
        return self.written(first, str, "rnd({})", add)

    def exact(self, first=None):
        """The same over the real numbers, the names in capitals."""
        return self.written(first, lambda name: name.upper() if name in self.taken else name, "{}", "({} * {} + {})")

    def written(self, first, *forms):
        lines = [f"{forms[0](name)} = {self.text(tree, *forms)};" for name, tree in self.lines]
        begin = [name for name, _ in self.lines].index(first) if first else 0
        return "\n".join(lines[begin:])

    def text(self, tree, name_of, operation, add):
        if isinstance(tree, float):
            return str(int(tree)) if tree == int(tree) and abs(tree) < 1000 else tree.hex()
        if isinstance(tree, str):
            return name_of(tree)
        if tree[0] == "call":
            return operation.format(f"{tree[1]}({self.text(tree[2], name_of, operation, add)})")
        sides = [self.text(side, name_of, operation, add) for side in tree[1:]]
        return add.format(*sides) if tree[0] == "add" else operation.format("(" + f" {tree[0]} ".join(sides) + ")")
