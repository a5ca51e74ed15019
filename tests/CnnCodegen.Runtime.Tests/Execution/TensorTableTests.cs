using CnnCodegen.Execution;

namespace CnnCodegen.Runtime.Tests.Execution;

public class TensorTableTests
{
    [Fact]
    public void Each_line_is_a_tensor()
    {
        TensorInfo[] tensors = TensorTable.Read("""
            fire2/conv-1.weight 64x3x7x7
            x 10
            scale
            none 1x0
            """);

        Assert.Equal(["fire2/conv-1.weight", "x", "scale", "none"], tensors.Select(tensor => tensor.Name));
        Assert.Equal(["64x3x7x7", "10", "scalar", "1x0"], tensors.Select(tensor => tensor.ShapeText));
    }
}
