//! A question as learning platforms know questions: what can be answered, and what is right, in the spelling of xAPI.
use super::judge::{Given, Truth};
use super::{Answer, Question};
use crate::params::format_decimal;
use crate::words::say;

impl Question {
    /// What can be chosen, in the order of its numbers from 1; nothing unless it is a choice.
    pub fn options(&self) -> Vec<&str> {
        match &self.answer {
            Answer::Choice { options, .. } => options.iter().map(|option| option.text.as_str()).collect(),
            _ => Vec::new(),
        }
    }

    /// What gets all points: numbers of options, any of which is right; a machine; or the least and the largest number, as
    /// `9.3[:]10.3`. As `correctResponsesPattern` has it (xAPI 1.0.3, Data, 2.4.4.1).
    pub fn correct(&self, truth: &Truth) -> Vec<String> {
        match (truth, &self.answer) {
            (Truth::Options(right), _) => right.iter().map(|i| self.write_given(Given::Option(*i))).collect(),
            (Truth::Number(right), Answer::Number { tolerance, .. }) => {
                let right = right.saturating_mul(self.scale());
                let ends = [right.saturating_sub(*tolerance), right.saturating_add(*tolerance)].map(format_decimal);
                vec![say!(&ends[0], "[:]", &ends[1])]
            }
            _ => vec![self.write(truth)],
        }
    }
}
