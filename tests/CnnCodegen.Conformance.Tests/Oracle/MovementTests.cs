using CnnCodegen.Reference;

namespace CnnCodegen.Conformance.Tests.Oracle;

public class MovementTests
{
    [Fact]
    public void Transpose_names_the_source_of_each_dimension()
    {
        ReferenceTensor y = Movement.Transpose(Expect.Counting(2, 1, 3), 2, 0, 1);
        Expect.Close(y, [3, 2, 1], [1, 4, 2, 5, 3, 6]);
    }

    [Fact]
    public void Concat_along_an_inner_axis()
    {
        ReferenceTensor y = Movement.Concat(-1, Expect.Tensor([2, 1], 1, 2), Expect.Tensor([2, 2], 3, 4, 5, 6));
        Expect.Close(y, [2, 3], [1, 3, 4, 2, 5, 6]);
    }

    [Fact]
    public void Slice_runs_backwards_with_a_negative_step()
    {
        ReferenceTensor y = Movement.Slice(Expect.Counting(2, 5), starts: [1, 4], counts: [1, 3], steps: [1, -2]);
        Expect.Close(y, [1, 3], [10, 8, 6]);
    }

    [Fact]
    public void Reflection_does_not_repeat_the_edge() =>
        Expect.Close(Movement.PadReflect(Expect.Tensor([1, 3], 1, 2, 3), [0, 2], [0, 1]), [1, 6], [3, 2, 1, 2, 3, 2]);

    [Fact]
    public void Edge_is_repeated() =>
        Expect.Close(Movement.PadEdge(Expect.Tensor([2, 2], 1, 2, 3, 4), [1, 0], [0, 2]), [3, 4], [1, 2, 2, 2, 1, 2, 2, 2, 3, 4, 4, 4]);

    [Fact]
    public void Constant_pads_and_negative_ones_cut() =>
        Expect.Close(Movement.PadConstant(Expect.Counting(2, 3), [1, -1], [-1, 1], 9), [2, 3], [9, 9, 9, 2, 3, 9]);

    [Fact]
    public void Reflection_with_a_cut_at_the_other_end() =>
        Expect.Close(Movement.PadReflect(Expect.Tensor([4], 1, 2, 3, 4), [-1], [2]), [5], [2, 3, 4, 3, 2]);

    [Fact]
    public void Scalar_has_one_element() => Expect.Close(Movement.Transpose(Expect.Tensor([], 7)), [], [7]);
}
