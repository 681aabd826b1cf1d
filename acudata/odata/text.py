"""The filter as text in the familiar form, whatever a server makes of it."""

from __future__ import annotations

from acudata.odata.literals import bare
from acudata.odata.nodes import (
    And,
    Arithmetic,
    Call,
    Comparison,
    CustomField,
    Field,
    Literal,
    Membership,
    Node,
    Not,
    Or,
    Visitor,
)


class TextForm(Visitor[str]):
    """Writes a filter as people know it from OData: `contains(Description,'x') and Balance gt 100`.

    Dialects derive from it and change what they write in another way.
    """

    def visit_field(self, node: Field) -> str:
        """Return the path: `MainContact/Email`."""
        return "/".join(node.path)

    def visit_customfield(self, node: CustomField) -> str:
        """Return the form that the contract API takes for fields outside the contract."""
        return f"cf.{node.kind}(f='{node.view}.{node.name}')"

    def visit_literal(self, node: Literal) -> str:
        """Return the value as a literal."""
        return bare(node.value)

    def visit_call(self, node: Call) -> str:
        """Return the function with its arguments."""
        return f"{node.function}({','.join(self.visit(argument) for argument in node.arguments)})"

    def visit_arithmetic(self, node: Arithmetic) -> str:
        """Return the sum or product, nested ones in brackets."""
        left, right = (self._inside(side, Arithmetic) for side in (node.left, node.right))
        return f"{left} {node.operator} {right}"

    def visit_comparison(self, node: Comparison) -> str:
        """Return the comparison."""
        return f"{self.visit(node.left)} {node.operator} {self.visit(node.right)}"

    def visit_membership(self, node: Membership) -> str:
        """Return the comparison with each option: OData v3 has no `in`."""
        alternatives = [self.visit(Comparison("eq", node.operand, option)) for option in node.options]
        return f"({' or '.join(alternatives)})"

    def visit_and(self, node: And) -> str:
        """Return all terms, joined by `and`."""
        return " and ".join(self._inside(term, Or) for term in node.terms)

    def visit_or(self, node: Or) -> str:
        """Return all terms, joined by `or`."""
        return " or ".join(self._inside(term, And) for term in node.terms)

    def visit_not(self, node: Not) -> str:
        """Return the negation."""
        return f"not {self._inside(node.term, Comparison, And, Or, Not)}"

    def _inside(self, node: Node, *bracketed: type[Node]) -> str:
        written = self.visit(node)
        return f"({written})" if isinstance(node, bracketed) else written


def text(node: Node) -> str:
    """Return the familiar text form of a filter, or of a part of one.

    >>> text(Call("contains", (Field(("Description",)), Literal("x"))))
    "contains(Description,'x')"
    """
    return TextForm().visit(node)
