export const analyst = 'arn:aws:iam::123456789012:role/analyst'
export const scientist = 'arn:aws:iam::123456789012:role/team/data-scientist'
export const engineer = 'arn:aws:iam::210987654321:role/engineer'
